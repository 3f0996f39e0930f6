import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../protocol/ports/clock.ts';

/** The clock of the process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => (ms === 0 ? letRequestsLeave() : sleepFor(ms, signal)),
  random: () => Math.random(),
};

/**
 * Waits three turns of the event loop, without a timer. A timer that is due would run before the second turn, in
 * which `exchange` sends, and the delivery would then hold up the next collect.
 *
 * @see ../../mosaic/exchange.ts
 */
async function letRequestsLeave(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake, { once: true });
  });
}
