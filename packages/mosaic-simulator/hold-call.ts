import type { ServerResponse } from 'node:http';
import type { SimulatorClock } from './simulator-clock.ts';

/**
 * Tells the clock that a call is kept waiting while some work is under way, or for good where that never ends.
 *
 * @param hold absent where nobody waits by the clock
 */
export async function holdCall<T>(
  hold: SimulatorClock['hold'],
  response: ServerResponse,
  work: () => Promise<T>,
): Promise<T> {
  const port = response.socket?.localPort;
  // First, so that its timer is set when the clock looks for what is due.
  const working = work();
  const release = port === undefined ? undefined : hold?.(port);
  if (release === undefined) return working;
  // Once the caller has gone nobody waits any more.
  response.once('close', release);
  try {
    return await working;
  } finally {
    release();
    response.off('close', release);
  }
}
