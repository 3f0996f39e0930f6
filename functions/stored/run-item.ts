import type { RunId } from './run-id.ts';
import {
  expiryAttribute,
  type ItemChange,
  itemExists,
  itemName,
  partitionKey,
  type StreamItem,
  sortKey,
} from './stream-item.ts';
import type { UnknownNames } from './unknown-names.ts';

/**
 * How a run ended. `caught-up` left no more than what was being raised meanwhile. The sweep writes `swept` for a run
 * that did not end by itself, and `recovered` stands for the batches that a witness added.
 */
export type RunOutcome = 'drained' | 'caught-up' | 'out-of-time' | 'failed' | 'swept' | 'recovered';

/** True where a run has read all that was raised before it began. */
export function leftNothing(outcome: RunOutcome): boolean {
  return outcome === 'drained' || outcome === 'caught-up';
}

/** How a run ended. Times are ms since the epoch. */
export interface RunEnd extends RunId {
  readonly endedAt: number;
  readonly outcome: RunOutcome;
  /** The code of the error that ended it. */
  readonly code?: string;
  /** The number of the last batch whose PUT was acknowledged; 0 for none. */
  readonly lastNumber: number;
  /** The next run starts cautiously. */
  readonly caution: boolean;
  /** The newest event's own timestamp, where one could be read. */
  readonly newestEventAt?: number;
}

/** The record of a run: a `RUN#` item. */
export interface RunRecord extends RunEnd {
  /**
   * True once every destination has everything, and only then is the run covered without an `OPEN`. Records of an
   * earlier version do not say, and cover as they did.
   */
  readonly complete?: boolean;
  readonly batches: number;
  readonly fullAnswers: number;
  readonly shortAnswers: number;
  readonly emptyAnswers: number;
  readonly events: number;
  readonly sourceBytes: number;
  readonly billedBytes: number;
  readonly collectMs: number;
  readonly journalMs: number;
  readonly deliverMs: number;
  /** Batches that had left the journal before some destination had them. */
  readonly lost: number;
  /** Batches, at most, that may have been consumed and not journaled, by this run or one before it that was killed. */
  readonly possibleLoss: number;
  /** By the destination's name: events that were late for its receiver. Absent where none were. */
  readonly late?: Readonly<Record<string, number>>;
  /**
   * By the name of a destination that has a view: what the view made of the events that the run itself delivered, in all
   * and by rule. Absent where no destination has a view.
   */
  readonly views?: Readonly<Record<string, ViewOutcome>>;
  /** Names in its events that no document has. Absent where there were none, and in records of an earlier version. */
  readonly unknown?: UnknownNames;
  /** When a sweep had delivered what the run had left; absent where the run had left nothing, or did not end by itself. */
  readonly sweptAt?: number;
  /**
   * The destinations that its batches were owed to, as its `OPEN` named them: what was added to the settings later is
   * owed nothing of it. Absent in records of an earlier version, which do not say.
   */
  readonly destinations?: readonly string[];
}

/** What a view made of events: how many it was given, left out and could not be made of, and how often each rule met. */
export interface ViewOutcome {
  readonly events: number;
  readonly dropped: number;
  readonly refused: number;
  readonly rules: Readonly<Record<string, number>>;
}

/** What the sort keys of all records begin with. */
export const runPrefix = 'RUN#';

export function runKey({ run, startedAt }: RunId): string {
  return `${runPrefix}${isoTime(startedAt)}#${run}`;
}

/** The sort keys of runs that started in [from, to), as a range: `!` sorts before the `#` that follows the time. */
export function runKeys(from: number, to: number): readonly [string, string] {
  return [`${runPrefix}${isoTime(from)}`, `${runPrefix}${isoTime(to)}!`];
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** @param keptSeconds how long the item is kept, counted from the run's start */
export function writeRun(record: RunRecord, keptSeconds: number): StreamItem {
  return { ...record, [expiryAttribute]: Math.floor(record.startedAt / 1_000) + keptSeconds };
}

export function readRun(item: StreamItem): RunRecord {
  const { [partitionKey]: _, [sortKey]: __, [expiryAttribute]: ___, sweptLate, ...record } = item;
  const { late = {} } = record as { readonly late?: Readonly<Record<string, number>> };
  // A sweep counts on from what the run had counted, so its number takes the place of the run's.
  const all = { ...late, ...((sweptLate ?? {}) as typeof late) };
  // A record of an earlier version does not say.
  const read = { possibleLoss: 0, ...record, ...(Object.keys(all).length === 0 ? {} : { late: all }) };
  return read as unknown as RunRecord;
}

/** Says that every destination has everything. `late` are those of the run and of all sweeps. */
export function completeRun({
  lost,
  late = {},
  endedAt,
}: Pick<RunRecord, 'lost' | 'late' | 'endedAt'>): ItemChange {
  const isLate = Object.keys(late).length > 0;
  return {
    update: `SET complete = :yes, lost = :lost, sweptAt = :at${isLate ? ', sweptLate = :late' : ''}`,
    condition: itemExists,
    names: itemName,
    values: { ':yes': true, ':lost': lost, ':at': endedAt, ...(isLate ? { ':late': late } : {}) },
  };
}
