import type { RunId } from '../../stored/run-id.ts';
import type { RunRecord } from '../../stored/run-item.ts';
import { leftNothing } from '../../stored/run-item.ts';
import { startOfDay } from '../../stored/utc-day.ts';
import { forgottenRuns } from '../protocol/forgotten-runs.ts';
import type { ComparedStream, ComparePorts } from './comparison.ts';

/** One hour of a witness's reading, and the part of the primary's past that it is compared with. */
export interface WitnessHour {
  /** The hour, [from, to). */
  readonly from: number;
  readonly to: number;
  /** The witness's runs that may have journaled in it, oldest first. */
  readonly runs: readonly RunId[];
  /**
   * The time in which the primary should have read most of the hour: from the witness's last drained run to the
   * primary's next one.
   */
  readonly near: Interval;
  /**
   * Batches that the primary knows it may have lost in that time or while it caught up, and one for each run that the
   * table forgot.
   */
  readonly possibleLoss: number;
  /**
   * Batches that the primary knows it may have lost since 24 hours before the hour, and events that were recovered for
   * earlier hours of that time. A witness can be told "empty" for hours of what the primary has read and lost.
   */
  readonly past: {
    readonly possibleLoss: number;
    readonly recoveredEvents: number;
    /** True where the primary's table was put back to an earlier time since, so that it may know of too few losses. */
    readonly tableRestored: boolean;
  };
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export type NextHour =
  | { readonly kind: 'ready'; readonly hour: WitnessHour }
  /** The witness read nothing in the hour that begins at `from`. */
  | { readonly kind: 'empty'; readonly from: number }
  /** The hour cannot be compared yet; `for` names the event that is waited for. */
  | { readonly kind: 'waiting'; readonly for: string };

/**
 * The first hour that has not been compared, once it can be: it has been over for five minutes, none of the witness's
 * runs can still add to it, and the primary has had a drained run that started at least 15 minutes after the witness
 * read it.
 */
export async function nextHour({ witness, primary, clock }: ComparePorts): Promise<NextHour> {
  const now = clock.now();
  const from =
    (await witness.state.meta.readMeta())?.comparedUntil ?? (await firstHour({ witness, primary, clock }));
  if (from === undefined) return { kind: 'waiting', for: 'a run of the witness' };
  const to = from + hourMs;
  if (to + overForMs > now) return { kind: 'waiting', for: 'the hour to be over' };
  const open = await witness.state.openRuns.listOpen();
  if (open.some(({ startedAt }) => startedAt < to)) return { kind: 'waiting', for: 'a run of the witness' };
  const records = await witness.state.records.listRecords({ from: startOfDay(from - longestRunMs), to });
  const known = records.filter(({ endedAt, batches }) => endedAt >= from && batches > 0);
  const forgotten = await unknownRuns(witness, { from: from - longestRunMs, to });
  if (known.length + forgotten.length === 0) return { kind: 'empty', from };

  // The end of a run that the table forgot is unknown.
  const ends = forgotten.length > 0 ? [to] : known.map(({ endedAt }) => endedAt);
  const readBy = Math.min(to, Math.max(...ends));
  const later = await primary.state.records.listRecords({ from: readBy + settleMs, to: now + hourMs });
  const drained = later.find(isDrained);
  if (drained === undefined) return { kind: 'waiting', for: 'a drained run of the primary' };
  const firstAt = forgotten.length > 0 ? from : known[0]!.startedAt;
  const past = await witness.state.records.listRecords({ from: from - widthMs, to: firstAt });
  const since = (past.findLast(isDrained)?.startedAt ?? from - widthMs) - settleMs;
  // Two empty answers can be a false "drained": losses that were told up to two hours later also explain missing events.
  const explainedBy = Math.max(drained.startedAt, Math.min(now, to + catchUpMs)) + 1;
  const restoredAt = (await primary.state.meta.readMeta())?.restoredAt;
  const told = await primary.state.records.listRecords({ from: from - widthMs, to: explainedBy });
  const lost = told.filter(({ startedAt }) => startedAt >= since);
  // A recovery has the end of its hour for its start.
  const recoveredBefore = told.filter(({ outcome, startedAt }) => outcome === 'recovered' && startedAt < to);
  // With a run, the table forgot what it told of losses; of one that journaled nothing there is no trace, so what was
  // forgotten of the witness stands for those.
  const untold =
    forgotten.length +
    (await unknownRuns(primary, { from: since, to: drained.startedAt })).length +
    (await reopenedRuns(primary, since, drained.startedAt));
  return {
    kind: 'ready',
    hour: {
      from,
      to,
      runs: [...forgotten, ...known],
      near: { from: since, to: Math.max(to, drained.endedAt) },
      possibleLoss: lost.reduce((sum, record) => sum + possibleLossOf(record), untold),
      past: {
        possibleLoss: told.reduce((sum, record) => sum + possibleLossOf(record), untold),
        recoveredEvents: recoveredBefore.reduce((sum, { events }) => sum + events, 0),
        tableRestored: restoredAt !== undefined && restoredAt >= from - widthMs,
      },
    },
  };
}

/** Finds runs without a record. */
async function unknownRuns(stream: ComparedStream, interval: Interval): Promise<readonly RunId[]> {
  return (await forgottenRuns(stream, interval)).filter(({ record }) => record === undefined);
}

export const hourMs = 3_600_000;

/**
 * Time after which every run that began in the hour can be seen: a run's clock may be a minute behind this one,
 * and its `OPEN` may come a few attempts late.
 */
const overForMs = 5 * 60_000;

/**
 * How long after an hour the primary may lack much of it: two empty answers pass for drained while Mosaic still has
 * events, and those are read by a later run, or lost and explained by one.
 */
export const catchUpMs = 2 * hourMs;

/** The search in the primary's journal goes this far from the hour. */
export const widthMs = 24 * hourMs;

/** The longest run that Lambda allows. */
export const longestRunMs = 15 * 60_000;

/** Mosaic gives an event to all copies of a stream within this time. */
const settleMs = 15 * 60_000;

/** The hour of the first recorded run, or of the day of a run that the table forgot. */
async function firstHour({ witness, clock }: ComparePorts): Promise<number | undefined> {
  const now = clock.now();
  const recorded = await witness.state.records.listRecords({ from: 0, to: now });
  const forgotten = await unknownRuns(witness, { from: now - widthMs, to: now });
  const [first] = [...recorded, ...forgotten].map(({ startedAt }) => startedAt).toSorted((x, y) => x - y);
  return first === undefined ? undefined : first - (first % hourMs);
}

/** Counts runs that the audit reopened. They are known by their start, which the audit sets to the start of the day. */
async function reopenedRuns({ state }: ComparedStream, since: number, to: number): Promise<number> {
  const records = await state.records.listRecords({ from: startOfDay(since), to: to + 1 });
  const reopened = records.filter(
    (one) => one.outcome === 'swept' && one.startedAt === startOfDay(one.startedAt),
  );
  const open = (await state.openRuns.listOpen()).filter(
    ({ startedAt }) =>
      startedAt === startOfDay(startedAt) && startedAt >= startOfDay(since) && startedAt <= to,
  );
  return reopened.filter(({ endedAt }) => endedAt >= since).length + open.length;
}

function isDrained({ outcome }: RunRecord): boolean {
  return leftNothing(outcome);
}

/** A batch that was handed to Firehose as the last resort is not in the journal, so it counts too. */
function possibleLossOf({ possibleLoss, lost, code }: RunRecord): number {
  return lost + Math.max(possibleLoss, code === 'JournalRefused' ? 1 : 0);
}
