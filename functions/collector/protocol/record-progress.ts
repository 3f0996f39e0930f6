import type { OpenRun } from '../../stored/open-item.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import { writeDone } from './write-done.ts';

/**
 * Writes how far each destination has got, also where that is 0, and how many batches there are so far, so that a
 * killed run leaves little for the sweep to repeat and its losses can be told.
 *
 * At most every 30 s. An `OPEN` that has vanished, since the table was put back, is written anew.
 */
export async function recordProgress(ports: RunPorts, progress: RunProgress): Promise<void> {
  const now = ports.clock.now();
  if (now - progress.recordedAt < recordEveryMs) return;
  progress.recordedAt = now;
  await writeProgress(ports, progress);
}

export const recordEveryMs = 30_000;

/** @returns false where `OPEN` had vanished and was written anew */
export async function writeProgress({ state }: RunPorts, progress: RunProgress): Promise<boolean> {
  const { id, queues, lastNumber } = progress;
  let isThere = true;
  for (const { destination, done, late } of queues)
    isThere = (await writeDone(state, id, { destination, done, late })) !== 'gone' && isThere;
  isThere = (await state.openRuns.recordBatches(id, lastNumber)) && isThere;
  if (!isThere) await openAnew({ state }, progress, {});
  return isThere;
}

/** By destination: events of the batches that it has which were late for its receiver. */
export function lateOf(queues: RunProgress['queues']): Pick<OpenRun, 'late'> {
  const late = queues.flatMap((queue) => (queue.late > 0 ? [[queue.destination, queue.late]] : []));
  return late.length === 0 ? {} : { late: Object.fromEntries(late) };
}

/** @param sealed the end of a run that has every PUT acknowledged; else the first `sealAfter` holds */
export async function openAnew(
  { state }: Pick<RunPorts, 'state'>,
  { id, queues, lastNumber, sealAfter }: RunProgress,
  sealed: { readonly sealAfter?: number; readonly counted?: boolean },
): Promise<void> {
  await state.openRuns.open({
    ...id,
    sealAfter,
    done: Object.fromEntries(queues.map(({ destination, done }) => [destination, done])),
    tries: {},
    ...lateOf(queues),
    lastNumber,
    // The run goes on, so more batches may come.
    counted: false,
    ...sealed,
  });
}
