import type { DestinationComparison, StreamComparison } from './comparison.ts';
import type { TrickleReport } from './trickle/trickle-watch.ts';

/**
 * The object that `--json` prints last. Field names are a contract with whoever reads it; later runs may add some.
 */
export function buildReport(streams: readonly StreamOutcome[], elapsedMs: number): Report {
  return { streams: streams.map(streamReport), elapsedMs: Math.round(elapsedMs) };
}

/** Everything that a run found out about one stream. */
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
  /** What was made to go wrong: fault → how often. */
  readonly faults?: Readonly<Record<string, number>>;
  /** Of a run in which events came one by one. */
  readonly trickle?: TrickleReport;
  /** Of a run with faults of everything. */
  readonly ordeal?: Ordeal;
  /** False where the source is a real Mosaic, of which nobody here knows what it generated. */
  readonly generatedKnown: boolean;
}

/** What reached the collector, by its journal. */
export interface Collected {
  readonly batches: number;
  /** The events as sent, decompressed. */
  readonly sourceBytes: number;
  /** Events that a witness has added. */
  readonly recovered?: number;
}

/** How the relay came through. */
export interface Ordeal {
  /** Batches that a sweep delivered. */
  readonly swept: number;
  /** Batches, at most, that were told to be lost. */
  readonly possibleLoss: number;
  /** Batches without a journal whose answers S3 was made to refuse, though no run that ended told of a last resort. */
  readonly untoldLastResorts: number;
  /** What was lost, by what caused it. */
  readonly losses: readonly Loss[];
}

export interface Loss {
  readonly cause: string;
  readonly events: number;
  /** Answers of Mosaic that held them. */
  readonly batches: number;
  /** How many of these the relay cannot tell of, since its table was put back to before. */
  readonly forgotten?: number;
  /** Lost between Mosaic's answer and the journal, where there was no witness to make up for it. */
  readonly allowed: boolean;
  /** All of the events, in the order in which they were generated. */
  readonly ids: readonly string[];
}

/** What one delivery stream accepted. */
export interface Accepted {
  readonly records: number;
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
  /** Of the generated events, those that lie in the journal. */
  readonly journaled: number;
  readonly delivered: number;
  /** Events that a destination holds and the journal does not. */
  readonly unjournaled: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly quarantined: number;
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
  /** Events that a witness brought home. */
  readonly witnessed?: number;
  /** Batches, at most, that the relay itself told to be lost. */
  readonly possibleLoss?: number;
  /** What was lost, by the fault that caused it. */
  readonly losses?: readonly Loss[];
}

export interface DestinationReport {
  /** Within its stream. */
  readonly name: string;
  readonly kind: string;
  readonly delivered: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly rawBytes: number;
  readonly billedBytes: number;
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
    duplicates: destination.duplicates,
    rawBytes,
    billedBytes,
    redriven: outcome.redriven?.[destination.name] ?? 0,
  };
}

/** What a destination's delivery stream accepted; nothing, if it was never asked. */
export function acceptedBy(outcome: StreamOutcome, destination: string): Accepted {
  return outcome.accepted[destination] ?? { records: 0, rawBytes: 0, billedBytes: 0 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
