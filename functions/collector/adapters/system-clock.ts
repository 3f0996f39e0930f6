import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../protocol/ports/clock.ts';

/** Time as the process sees it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => (ms === 0 ? letRequestsLeave() : sleepFor(ms, signal)),
  random: () => Math.random(),
};

/**
 * Three turns of the event loop, and no timer: a timer that is due goes before what `exchange` sends in its second
 * turn, and delivering would then keep the next collect waiting.
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
