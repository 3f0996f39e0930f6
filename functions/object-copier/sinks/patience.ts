import type { Busy, Waiting } from '../ports.ts';

const tries = 4;
const firstWaitMs = 500;
/** Longer waits are left to the queue, whose visibility timeout costs nothing. */
const longestWaitMs = 15_000;

/**
 * Repeats an attempt that found the other side busy, a few times and briefly: as long as it asked for, else with
 * full jitter up to 0.5, 1 and 2 s. Every other outcome, and the last, is handed back.
 */
export async function patiently<T extends { readonly kind: string }>(
  attempt: () => Promise<T | Busy>,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<T | Busy> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt();
    if (!isBusy(outcome) || number === tries || signal.aborted) return outcome;
    const waitMs = outcome.retryAfterMs ?? waiting.random() * firstWaitMs * 2 ** (number - 1);
    if (waitMs > longestWaitMs) return outcome;
    await waiting.sleep(waitMs, signal);
    if (signal.aborted) return outcome;
  }
}

function isBusy(outcome: { readonly kind: string }): outcome is Busy {
  return outcome.kind === 'busy';
}

/** `Retry-After`, in seconds or as a date, as 0..24 hours in milliseconds; absent or unreadable is undefined. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Math.min(longestAskedMs, Number(header) * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.min(longestAskedMs, Math.max(0, at - now));
}

/** The log shows the wait: digits that mean something else must not end there. */
const longestAskedMs = 86_400_000;
