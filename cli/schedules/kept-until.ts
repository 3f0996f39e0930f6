import type { RunEnd } from '../../functions/stored/run-item.ts';
import { leftNothing } from '../../functions/stored/run-item.ts';

/**
 * Milliseconds for which Mosaic surely keeps uncollected events. Its reference says "within the last day" and its
 * guide's sample seven days, so only the day is certain.
 */
export const keptMs = 86_400_000;

/**
 * When Mosaic may drop the first event that nobody has collected: a day after the last run began that read the
 * stream empty, or after the newest event that was read where a backlog was left.
 */
export function keptUntil(lastEnd: RunEnd | undefined, now: number): number {
  if (lastEnd === undefined) return now + keptMs;
  const drained = leftNothing(lastEnd.outcome);
  return (drained ? lastEnd.startedAt : (lastEnd.newestEventAt ?? lastEnd.startedAt)) + keptMs;
}
