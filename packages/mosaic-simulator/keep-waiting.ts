import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { holdCall } from './hold-call.ts';

/** Time as the simulator knows it. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs the task at a time of this clock, and returns what cancels it. Without it, calls wait in real time. */
  at?(time: number, task: () => unknown): () => void;
  /** Told that a call to this port is kept waiting; returns what ends that. For clocks that jump over waiting. */
  hold?(port: number): () => void;
}

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
