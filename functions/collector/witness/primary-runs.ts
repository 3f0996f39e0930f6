import type { RunId } from '../../stored/run-id.ts';
import { dayMs, dayName, startOfDay } from '../../stored/utc-day.ts';
import type { ComparePorts } from './comparison.ts';
import { type Interval, longestRunMs } from './next-hour.ts';

/** A run of the primary and how far it was, in ms, from the time in which it should have read what a witness read. */
export interface DistantRun extends RunId {
  readonly distanceMs: number;
}

/**
 * The primary's runs that journaled something within `width`, those closest to `near` first.
 *
 * They are found in the journal itself: a run that neither `OPEN` nor `RUN#` covers holds events all the same.
 */
export async function primaryRuns(
  { primary: { state, journal } }: ComparePorts,
  near: Interval,
  width: Interval,
): Promise<readonly DistantRun[]> {
  const from = startOfDay(width.from - longestRunMs);
  const known = new Map<string, Interval & { readonly startedAt: number }>();
  for (const { run, startedAt, endedAt } of await state.records.listRecords({ from, to: width.to + 1 })) {
    known.set(run, { startedAt, from: startedAt, to: endedAt });
  }
  for (const { run, startedAt, sealAfter } of await state.openRuns.listOpen()) {
    if (!known.has(run)) known.set(run, { startedAt, from: startedAt, to: sealAfter });
  }
  const runs: DistantRun[] = [];
  for (let day = from; day <= width.to; day += dayMs) {
    for (const run of await journal.runsOn(dayName(day))) {
      // Where the table does not know the run, the objects' keys tell the day on which it started, and the run may
      // have lasted at any time of that day.
      const interval = known.get(run) ?? { startedAt: day, from: day, to: day + dayMs + longestRunMs };
      if (interval.to < width.from || interval.from > width.to) continue;
      runs.push({ run, startedAt: interval.startedAt, distanceMs: distance(interval, near) });
    }
  }
  return runs.toSorted((a, b) => a.distanceMs - b.distanceMs || b.startedAt - a.startedAt);
}

function distance(one: Interval, other: Interval): number {
  return Math.max(0, one.from - other.to, other.from - one.to);
}
