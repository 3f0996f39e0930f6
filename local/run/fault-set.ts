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

/** Every name that `--faults` takes. The faults of a name are drawn outside of this folder and passed in. */
export const faultSetNames = ['destinations', 'everything', 'upgrade'] as const;
export type FaultSetName = (typeof faultSetNames)[number];
export type FaultSets = Readonly<Record<FaultSetName, FaultSet>>;

/** Fault sets for a run without a planned end: they kill no process and lose no event. */
export const servedFaultSetNames = ['destinations'] as const satisfies readonly FaultSetName[];

/** Finds the fault set of a name. @throws {WrongUse} where faults are asked for and this program draws none */
export function faultSetOf(
  { faults }: { readonly faults?: FaultSetName },
  { faultSets }: { readonly faultSets?: FaultSets },
): FaultSet | undefined {
  if (faults === undefined) return undefined;
  if (faultSets === undefined) throw new WrongUse('--faults needs the folder lab/ of the repository');
  return faultSets[faults];
}

/** The faults that `--faults NAME` draws. */
export interface FaultSet {
  /** Gives a witness to each stream that has none, unless the command line says otherwise. */
  readonly witness?: 'detect' | 'recover';
  /** The sources of events that are sent again at the end; backups and dead-letter queues when absent. */
  readonly redrives?: readonly ReplaySource[];
  /** Absolute path of the settings that are deployed, where the set has its own. Its streams are not narrowed. */
  readonly settings?: string;
  /** Time between two raisings of events while the faults last; half an hour when absent. */
  readonly raiseEveryMs?: number;
  /** Draws the faults; the same seed draws the same. */
  prepare(seed: number, options: FaultOptions): PreparedFaults;
}

export interface FaultOptions {
  /** Number of events of each type. */
  readonly events: number;
  /** True where destinations of every kind take part. */
  readonly everyKind?: boolean;
  /** True where views take part. */
  readonly views?: boolean;
}

export interface PreparedFaults {
  /** Hooks that a world must have from its beginning. */
  readonly world: Pick<WorldOptions, 'gateway' | 'firehose' | 'lambda' | 'scheduler' | 'readStreams'>;
  /** Writes the assembly that is deployed first, in place of the synthesized one. */
  readonly first?: (outdir: string) => Promise<void>;
  /** The hook for every call of Mosaic. */
  readonly mosaic?: Interfere;
  /**
   * Starts the faults, which time brings about from now on. @returns for how long events are to be raised, in
   * milliseconds
   */
  begin(stage: FaultyStage): number;
  /** True once no fault acts any more, nor will. */
  over(): boolean;
  /** Ends every fault now. */
  end(): void;
  /** The faults that a stream's destinations have met by now, with how often. */
  befell(stream: WorldStream): Readonly<Record<string, number>>;
  /** Counts an event of another part of the program among the stream's faults. */
  note?(stream: WorldStream, name: string): void;
  /** The settings of the first deployment, where they differ from the written ones. */
  readonly settings?: SettingsVariant;
  /** Settings that are deployed one after the other while the faults last. */
  readonly changes?: readonly SettingsChange[];
  /** Time between two raisings, where it differs from the set's. */
  readonly raiseEveryMs?: number;
  /** Explains a stream's losses for the report; absent where these faults lose nothing. */
  ordealOf?(stream: WorldStream, facts: OrdealFacts): Ordeal;
}

/** The facts about a stream when its run is over. */
export interface OrdealFacts {
  readonly comparison: StreamComparison;
  readonly source: Pick<SimulatedSource, 'ledger'>;
  readonly endLines: EndLines;
  readonly witnesses: readonly WorldStream[];
}

/** A change of a stage's written settings. */
export interface SettingsVariant {
  /** True where each stream has one destination more. */
  readonly added: boolean;
  /** True where each stream reads another of Mosaic's streams under its old name. */
  readonly replaced: boolean;
  /** Destinations that each stream has in addition, as long as the run lasts. */
  readonly more: MoreDestinations;
  /** True where each stream has two destinations more that see events through a view. */
  readonly views: boolean;
}

export interface SettingsChange {
  /** Milliseconds from the beginning of the faults. */
  readonly afterMs: number;
  readonly to: SettingsVariant;
  /** The name under which the change is counted. */
  readonly name: string;
  /** Writes the assembly that is deployed, in place of a synthesized one. */
  readonly assembly?: (outdir: string) => Promise<void>;
  /** Asked when the time has come: the deployment awaits it, for an hour and a half at most. */
  readonly ready?: () => Promise<boolean>;
  /** What the removal of a destination awaits for as long: batches that it lacks, or events in its delivery stream. */
  readonly removedWhile?: 'owed' | 'held';
}

/** The fault's name when the table is put back and the records since are written after it. */
export const tableRestored = 'table put back under living runs';

/** The name of the change that takes a destination away. */
export const destinationRemoved = 'destination removed';

/** The name of the change that takes a destination away while batches wait for it in the journal. */
export const removedWhileOwed = 'destination removed while batches waited for it';

/** The name of the change that takes a destination away while its delivery stream holds events. */
export const removedWhileHeld = 'destination removed while its delivery stream held events';

export type FaultyStage = Pick<
  LocalStage,
  'world' | 'streams' | 'witnesses' | 'receivers' | 'simulator' | 'ids'
>;
