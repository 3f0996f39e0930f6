import type { Busy, Clock } from '../ports.ts';

const tries = 4;
const firstWaitMs = 500;
/** The queue's visibility timeout bridges longer waits at no cost. */
const longestWaitMs = 15_000;

/**
 * Repeats an attempt that found the other side busy, three times at most. A wait is as long as the other side
 * asked for, or else up to 0.5, 1 and 2 s with full jitter.
 * @returns the first outcome that is not `busy`, or the last attempt's
 */
export async function patiently<T extends { readonly kind: string }>(
  attempt: () => Promise<T | Busy>,
  clock: Clock,
  signal: AbortSignal,
): Promise<T | Busy> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt();
    if (!isBusy(outcome) || number === tries || signal.aborted) return outcome;
    const waitMs = outcome.retryAfterMs ?? clock.random() * firstWaitMs * 2 ** (number - 1);
    if (waitMs > longestWaitMs) return outcome;
    await clock.sleep(waitMs, signal);
    if (signal.aborted) return outcome;
  }
}

function isBusy(outcome: { readonly kind: string }): outcome is Busy {
  return outcome.kind === 'busy';
}
