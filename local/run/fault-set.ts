import type { Interfere } from '@mosaic-relay/mosaic-simulator';
import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import type { ReplaySource } from '../../cli/replay/waiting.ts';
import type { WorldOptions } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { StreamComparison } from './comparison.ts';
import type { EndLines } from './end-lines.ts';
import type { LocalStage } from './opened-stage.ts';
import type { Ordeal } from './report.ts';
import type { MoreDestinations } from './settings/more-destinations.ts';
import type { SimulatedSource } from './simulated-source.ts';

/** Every name that `--faults` takes. What each stands for is drawn outside of this folder and passed in. */
export const faultSetNames = ['destinations', 'everything'] as const;
export type FaultSetName = (typeof faultSetNames)[number];
export type FaultSets = Readonly<Record<FaultSetName, FaultSet>>;

/** Those that a run can go on under, whose end nobody knows: no process is killed, and nothing is lost. */
export const servedFaultSetNames = ['destinations'] as const satisfies readonly FaultSetName[];

/** @throws {WrongUse} where faults are asked for and this program draws none */
export function faultSetOf(
  { faults }: { readonly faults?: FaultSetName },
  { faultSets }: { readonly faultSets?: FaultSets },
): FaultSet | undefined {
  if (faults === undefined) return undefined;
  if (faultSets === undefined) throw new WrongUse('--faults needs the folder lab/ of the repository');
  return faultSets[faults];
}

/** What a `--faults NAME` stands for. */
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
  /** What the report tells of a stream's losses; absent where these faults lose nothing. */
  ordealOf?(stream: WorldStream, facts: OrdealFacts): Ordeal;
}

/** What a run knows of a stream when it is over. */
export interface OrdealFacts {
  readonly comparison: StreamComparison;
  readonly source: Pick<SimulatedSource, 'ledger'>;
  readonly endLines: EndLines;
  readonly witnesses: readonly WorldStream[];
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
