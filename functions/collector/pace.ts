import type { Clock } from './ports.ts';

/**
 * Limits a flow to a rate: each call waits until what went before has been paid for, at `bytesPerSecond`.
 *
 * The first call goes at once. Ends its wait early when `signal` aborts.
 */
export function createPace(
  bytesPerSecond: number,
  clock: Clock,
  signal: AbortSignal,
): (bytes: number) => Promise<void> {
  let freeAt = 0;
  return async (bytes) => {
    const waitMs = freeAt - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    freeAt = Math.max(freeAt, clock.now()) + (bytes / bytesPerSecond) * 1_000;
  };
}
