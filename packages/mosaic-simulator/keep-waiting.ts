import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { holdCall } from './hold-call.ts';
import type { SimulatorClock } from './simulator-clock.ts';

/** Keeps calls waiting. */
export interface KeepWaiting {
  /** For so long, also when the caller has gone meanwhile; less when the simulator closes. */
  pause(response: ServerResponse, ms: number): Promise<void>;
  /** Until the work has ended. */
  during<T>(response: ServerResponse, work: () => Promise<T>): Promise<T>;
}

export function createKeepWaiting(clock: SimulatorClock, closing: AbortSignal): KeepWaiting {
  const during: KeepWaiting['during'] = (response, work) => holdCall(clock.hold, response, work);
  const pass = (ms: number): Promise<unknown> => {
    const { at } = clock;
    // Closing: the connection is about to be ended anyway.
    if (at === undefined) return wait(ms, undefined, { signal: closing }).catch(() => undefined);
    return new Promise((resume) => {
      const cancel = at(clock.now() + ms, () => resume(undefined));
      closing.addEventListener('abort', () => [cancel(), resume(undefined)], { once: true });
    });
  };
  return {
    during,
    async pause(response, ms) {
      if (ms > 0 && !closing.aborted) await during(response, () => pass(ms));
    },
  };
}
