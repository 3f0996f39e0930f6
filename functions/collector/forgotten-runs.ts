import type { Journal, RunId, State } from './ports.ts';
import { dayMs, dayName, startOfDay } from './utc-day.ts';

/**
 * Runs of the days of `span` that lie in the journal and that neither `OPEN` nor `RUN#` covers: those of a table that
 * was put back to an earlier time, or that a bug forgot. When they started is known to the day, which is what names
 * their objects.
 *
 * The journal is listed first, then `OPEN`, then `RUN#`: a run writes them in the opposite order, so one that ends
 * meanwhile is found by one of them.
 *
 * @param span ms since the epoch, both ends included
 */
export async function forgottenRuns(
  { state, journal }: { readonly state: State; readonly journal: Journal },
  span: { readonly from: number; readonly to: number },
): Promise<readonly RunId[]> {
  const journaled: RunId[] = [];
  const from = startOfDay(span.from);
  for (let startedAt = from; startedAt <= span.to; startedAt += dayMs) {
    for (const run of await journal.runsOn(dayName(startedAt))) journaled.push({ run, startedAt });
  }
  const covered = new Set((await state.listOpen()).map(({ run }) => run));
  for (const { run } of await state.listRecords({ from, to: startOfDay(span.to) + dayMs })) covered.add(run);
  return journaled.filter(({ run }) => !covered.has(run));
}
