import type { RunId } from '../ports.ts';
import type { ComparedStream } from './compare.ts';
import type { Span } from './next-hour.ts';

/**
 * Runs of the days of `span` that lie in the journal and that neither `OPEN` nor `RUN#` covers: the table was put back
 * to an earlier time, and the daily audit has not come to them yet. When they started is known to the day.
 *
 * Listed in the opposite order to that in which a run writes, so that one which ends meanwhile is found.
 */
export async function forgottenRuns(
  { state, journal }: ComparedStream,
  span: Span,
): Promise<readonly RunId[]> {
  const journaled: RunId[] = [];
  const from = startOfDay(span.from);
  for (let startedAt = from; startedAt <= span.to; startedAt += dayMs) {
    for (const run of await journal.runsOn(new Date(startedAt).toISOString().slice(0, 10)))
      journaled.push({ run, startedAt });
  }
  const covered = new Set((await state.listOpen()).map(({ run }) => run));
  for (const { run } of await state.listRecords({ from, to: startOfDay(span.to) + dayMs })) covered.add(run);
  return journaled.filter(({ run }) => !covered.has(run));
}

const dayMs = 86_400_000;

function startOfDay(time: number): number {
  return time - (time % dayMs);
}
