import type { DestinationComparison, StreamComparison } from './comparison.ts';
import type { TrickleReport } from './trickle/trickle-watch.ts';

/**
 * The object that `--json` prints last. Field names are a contract with whoever reads it; later runs may add some.
 */
export function buildReport(streams: readonly StreamOutcome[], elapsedMs: number): Report {
  return { streams: streams.map(streamReport), elapsedMs: Math.round(elapsedMs) };
}

/** The outcome of a run for one stream. */
export interface StreamOutcome {
  readonly name: string;
  /** Mosaic's id of the stream. */
  readonly id: string;
  readonly type: string;
  readonly collected: Collected;
  readonly comparison: StreamComparison;
  /** Batches that collectors told to have handed to Firehose without a journal, since S3 refused. */
  readonly lastResorts: number;
  /** By the destination's name. */
  readonly accepted: Readonly<Record<string, Accepted>>;
  /** By the destination's name: events that were sent again from a backup or a dead-letter queue. */
  readonly redriven?: Readonly<Record<string, number>>;
  /** The faults of the run, with how often. */
  readonly faults?: Readonly<Record<string, number>>;
  /** Present in a run whose events came one by one. */
  readonly trickle?: TrickleReport;
  /** Present in a run with the faults of `everything`. */
  readonly ordeal?: Ordeal;
  /** False where the source is a real Mosaic, whose generated events cannot be known. */
  readonly generatedKnown: boolean;
  /** What views made of the events, for people; absent where no destination has one. */
  readonly viewLines?: readonly string[];
}

/** The events that reached the collector, by its journal. */
export interface Collected {
  readonly batches: number;
  /** The events as sent, decompressed. */
  readonly sourceBytes: number;
  /** Events that a witness has added. */
  readonly recovered?: number;
}

/** The relay's record through the faults. */
export interface Ordeal {
  /** Batches that a sweep delivered. */
  readonly swept: number;
  /** Batches that were told as possibly lost, at most. */
  readonly possibleLoss: number;
  /** Batches without a journal whose answers S3 was made to refuse, though no run that ended told of a last resort. */
  readonly untoldLastResorts: number;
  /** The losses by their causes. */
  readonly losses: readonly Loss[];
}

export interface Loss {
  readonly cause: string;
  readonly events: number;
  /** Answers of Mosaic that held them. */
  readonly batches: number;
  /** Number of these losses that the relay cannot know of, since its table was put back to an earlier time. */
  readonly forgotten?: number;
  /** True where the events were lost between Mosaic's answer and the journal, and no witness read a copy of them. */
  readonly allowed: boolean;
  /** All of the events, in the order in which they were generated. */
  readonly ids: readonly string[];
}

/** The records that one delivery stream accepted. */
export interface Accepted {
  readonly records: number;
  /** The bytes of the records as they were put: compressed, where the destination compresses records. */
  readonly rawBytes: number;
  /** Each record rounded up to 5 KB, as Firehose bills. */
  readonly billedBytes: number;
}

export interface Report {
  readonly streams: readonly StreamReport[];
  readonly elapsedMs: number;
}

export interface StreamReport extends Accepted {
  readonly id: string;
  readonly type: string;
  readonly generated: number;
  readonly collected: number;
  /** Of the generated events, those that lie in the journal, or lay there until an operator erased them. */
  readonly journaled: number;
  readonly delivered: number;
  /** Events that a destination holds and the journal does not. */
  readonly unjournaled: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly quarantined: number;
  /** Events that an operator has erased: neither delivered nor missing. */
  readonly erased: number;
  /** Events that views do not show, of all destinations together; each counts as delivered there. */
  readonly dropped: number;
  readonly batches: number;
  readonly sourceBytes: number;
  /** From the event's own time to when it was collected, at most; null when no event told. */
  readonly lagMs: number | null;
  readonly destinations: readonly DestinationReport[];
  /** Only of a run in which events came one by one. */
  readonly trickle?: TrickleReport;
  /** Only of a run with faults: fault → how often. */
  readonly faults?: Readonly<Record<string, number>>;
  /** Batches that sweeps delivered; this and what follows only of a run in which everything fails. */
  readonly swept?: number;
  /** Events that a witness recovered. */
  readonly witnessed?: number;
  /** Batches that the relay itself told as possibly lost, at most. */
  readonly possibleLoss?: number;
  /** The losses by the faults that caused them. */
  readonly losses?: readonly Loss[];
}

export interface DestinationReport {
  /** Within its stream. */
  readonly name: string;
  readonly kind: string;
  readonly delivered: number;
  readonly missing: number;
  /** Events that its view does not show; counted in `delivered`. */
  readonly dropped: number;
  readonly duplicates: number;
  readonly rawBytes: number;
  readonly billedBytes: number;
  /** Events that its receiver no longer takes, and that it has not got: neither delivered nor missing. */
  readonly late: number;
  /** Events that an operator has erased: neither delivered nor missing. */
  readonly erased: number;
  /** Delivered lines that its receiver keeps under the time of their arrival. */
  readonly redated: number;
  /** Events that the run sent again from a backup or a dead-letter queue. */
  readonly redriven: number;
}

function streamReport(outcome: StreamOutcome): StreamReport {
  const { comparison, collected } = outcome;
  const all = comparison.destinations.map(({ name }) => acceptedBy(outcome, name));
  const waits = comparison.destinations.flatMap(({ longestWaitMs }) => longestWaitMs ?? []);
  return {
    id: outcome.id,
    type: outcome.type,
    generated: outcome.generatedKnown ? comparison.generated : comparison.collected,
    collected: comparison.collected,
    journaled: comparison.journaled,
    delivered: comparison.delivered,
    unjournaled: comparison.unjournaled,
    missing: comparison.missing,
    duplicates: comparison.duplicates,
    quarantined: comparison.quarantined,
    erased: comparison.erased,
    dropped: comparison.dropped,
    batches: collected.batches,
    records: sum(all.map(({ records }) => records)),
    sourceBytes: collected.sourceBytes,
    rawBytes: sum(all.map(({ rawBytes }) => rawBytes)),
    billedBytes: sum(all.map(({ billedBytes }) => billedBytes)),
    lagMs: waits.length === 0 ? null : Math.max(...waits),
    destinations: comparison.destinations.map((destination) => destinationReport(outcome, destination)),
    ...(outcome.trickle !== undefined && { trickle: outcome.trickle }),
    ...(outcome.faults !== undefined && { faults: outcome.faults }),
    ...(outcome.ordeal !== undefined && {
      swept: outcome.ordeal.swept,
      witnessed: collected.recovered ?? 0,
      possibleLoss: outcome.ordeal.possibleLoss,
      losses: outcome.ordeal.losses,
    }),
  };
}

function destinationReport(outcome: StreamOutcome, destination: DestinationComparison): DestinationReport {
  const { rawBytes, billedBytes } = acceptedBy(outcome, destination.name);
  return {
    name: destination.name,
    kind: destination.kind,
    delivered: destination.delivered,
    missing: destination.missing,
    dropped: destination.dropped,
    duplicates: destination.duplicates,
    rawBytes,
    billedBytes,
    late: destination.late,
    erased: destination.erased,
    redated: destination.redated,
    redriven: outcome.redriven?.[destination.name] ?? 0,
  };
}

/** The records that a destination's delivery stream accepted; none where it was never called. */
export function acceptedBy(outcome: StreamOutcome, destination: string): Accepted {
  return outcome.accepted[destination] ?? { records: 0, rawBytes: 0, billedBytes: 0 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
