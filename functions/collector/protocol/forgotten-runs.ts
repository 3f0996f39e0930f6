import type { RunId } from '../../stored/run-id.ts';
import type { RunRecord } from '../../stored/run-item.ts';
import { dayMs, dayName, startOfDay } from '../../stored/utc-day.ts';
import type { Journal } from './ports/journal.ts';
import type { State } from './ports/state.ts';

/**
 * Finds runs that the table has forgotten: they lie in the journal, on the days of `interval`, and have neither an
 * `OPEN` nor a `RUN#` that says `complete`. A table that was put back to an earlier time has such runs. Where no record
 * holds a run's start, the start is known to the day, from the keys of the run's objects.
 *
 * The journal is listed first, then `OPEN`, then `RUN#`: a run writes them in the opposite order, so one that ends
 * meanwhile is found by one of them.
 *
 * @param interval ms since the epoch, both ends included
 * @param open runs with an `OPEN`, listed before, where no run of the interval lives; listed now where it is absent
 */
export async function forgottenRuns(
  { state, journal }: { readonly state: State; readonly journal: Journal },
  interval: { readonly from: number; readonly to: number },
  open?: ReadonlySet<string>,
): Promise<readonly ForgottenRun[]> {
  const journaled: RunId[] = [];
  const from = startOfDay(interval.from);
  for (let startedAt = from; startedAt <= interval.to; startedAt += dayMs) {
    for (const run of await journal.runsOn(dayName(startedAt))) journaled.push({ run, startedAt });
  }
  if (journaled.length === 0) return [];
  const covered = new Set(open ?? (await state.openRuns.listOpen()).map(({ run }) => run));
  const records = new Map<string, RunRecord>();
  for (const record of await state.records.listRecords({ from, to: startOfDay(interval.to) + dayMs })) {
    // Records of an earlier version do not say, and cover.
    if (record.complete ?? true) covered.add(record.run);
    else records.set(record.run, record);
  }
  return journaled
    .filter(({ run }) => !covered.has(run))
    .map((id) => {
      const record = records.get(id.run);
      return { run: id.run, startedAt: record?.startedAt ?? id.startedAt, record };
    });
}

export interface ForgottenRun extends RunId {
  /** Its `RUN#`, where there is one and it does not say `complete`. */
  readonly record: RunRecord | undefined;
}
