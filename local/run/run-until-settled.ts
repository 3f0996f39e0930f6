import type { VirtualClock } from '@mosaic-relay/cdk-loopback';
import type { RunWatch } from './watch.ts';

/**
 * Lets time pass until no event waits anywhere, or nothing has moved for two virtual days.
 *
 * @param ready asked whenever nothing is busy; while false, more events are to come and the run goes on
 */
export async function runUntilSettled(
  clock: VirtualClock,
  watch: RunWatch,
  ready: () => boolean | Promise<boolean> = () => true,
): Promise<void> {
  const done = async (): Promise<boolean> =>
    (await ready()) && ((await watch.settled()) || watch.stalledMs() > mostStalledMs);
  await clock.runUntil(done, Number.POSITIVE_INFINITY);
}

/** Longer than Firehose retries S3 and Mosaic keeps events. */
const mostStalledMs = 2 * 86_400_000;
