import type { Interfere } from '@mosaic-relay/mosaic-simulator';
import type { ReplaySource } from '../../../cli/replay/waiting.ts';
import type { WorldOptions } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import type { LocalStage } from '../local-stage.ts';
import type { MoreDestinations } from './more-destinations.ts';

/** What `--faults NAME` stands for. To add one, write a file that exports it and name it in `fault-sets.ts`. */
export interface FaultSet {
  /** Gives a witness to each stream that has none, unless the command line says otherwise. */
  readonly witness?: 'detect' | 'recover';
  /** Where what it leaves is looked for in the end; backups and dead-letter queues when absent. */
  readonly redrives?: readonly ReplaySource[];
  /** How often events are raised while it lasts; every half hour when absent. */
  readonly raiseEveryMs?: number;
  /** Draws what goes wrong; the same seed draws the same. */
  prepare(seed: number, options: FaultOptions): PreparedFaults;
}

export interface FaultOptions {
  /** Of each type. */
  readonly events: number;
  /** Destinations of every kind take part. */
  readonly everyKind?: boolean;
}

export interface PreparedFaults {
  /** Hooks that a world must have from its beginning. */
  readonly world: Pick<WorldOptions, 'gateway' | 'firehose' | 'lambda' | 'scheduler'>;
  /** Asked about every call of Mosaic. */
  readonly mosaic?: Interfere;
  /**
   * Lets time bring the faults about, from now on.
   * @returns for how long events are to be raised, in milliseconds
   */
  begin(stage: FaultyStage): number;
  /** Nothing is wrong any more, nor will be. */
  over(): boolean;
  /** Sets everything right now. */
  end(): void;
  /** What befell a stream's destinations by now: fault → how often. */
  befell(stream: WorldStream): Readonly<Record<string, number>>;
  /** Counts what somebody else did to a stream in its name. */
  note?(stream: WorldStream, name: string): void;
  /** What the stage is deployed with at first, where that is not as written. */
  readonly settings?: SettingsVariant;
  /** Other settings that are deployed while it lasts, one after the other. */
  readonly changes?: readonly SettingsChange[];
  /** How often events are raised, where it is not as often as the set says. */
  readonly raiseEveryMs?: number;
  /** Whether nobody may know any more that what that call of Mosaic answered was lost. */
  forgets?(call: number): boolean;
  /** What ended the process that held the answer of a call of Mosaic, by its number; absent where none is ended. */
  causeOf?(call: number): string | undefined;
  /**
   * Whether S3 was made to refuse the answer of a call of Mosaic. Its run may have handed it to Firehose without a
   * journal; a run that is killed then, or whose table refuses, cannot tell so.
   */
  journalRefused?(call: number): boolean;
}

/** What a stage is deployed with, beside what is written. */
export interface SettingsVariant {
  /** Each stream has one destination more. */
  readonly added: boolean;
  /** Each stream reads another of Mosaic's streams under its old name. */
  readonly replaced: boolean;
  /** What each stream has beside, as long as the run lasts. */
  readonly more: MoreDestinations;
}

export interface SettingsChange {
  /** From the beginning of the faults. */
  readonly afterMs: number;
  readonly to: SettingsVariant;
  /** What it is counted as. */
  readonly name: string;
}

/** What it is counted as when the table is put back, and what has been recorded since with it. */
export const tableRestored = 'table put back under living runs';

/** What the change is counted as that takes a destination away. */
export const destinationRemoved = 'destination removed';

/** What it is counted as when a destination is removed that has not got all that the journal holds for it. */
export const removedWhileOwed = 'destination removed while batches waited for it';

export type FaultyStage = Pick<
  LocalStage,
  'world' | 'streams' | 'witnesses' | 'receivers' | 'simulator' | 'ids'
>;
