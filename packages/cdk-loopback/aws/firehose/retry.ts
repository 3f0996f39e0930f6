import type { PacingClock, Pause } from './paced.ts';
import type { SeededBytes } from './seeded-bytes.ts';

/** The failure of an attempt, in the words of Firehose's error records. */
export interface Failure {
  /** `Splunk.AckTimeout`, `HttpEndpoint.DestinationException`, … */
  readonly code: string;
  readonly message: string;
  /** Trying again cannot help. */
  readonly permanent?: boolean;
  /** How much of the attempt the retry clock does not count: waiting for acknowledgements. */
  readonly uncountedMs?: number;
}

export interface RetryEnd {
  /** Absent on success. */
  readonly failure?: Failure;
  readonly attempts: number;
}

export interface RetryMeans {
  readonly durationMs: number;
  readonly clock: PacingClock;
  readonly random: SeededBytes;
  readonly pause: Pause;
}

/**
 * Tries until it succeeds or the retry duration is over. Its clock starts with the first failure, and an attempt that
 * has begun is always finished.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 */
export async function tryFor(
  means: RetryMeans,
  attempt: () => Promise<Failure | undefined>,
): Promise<RetryEnd> {
  const { clock, durationMs } = means;
  let over = Number.POSITIVE_INFINITY;
  for (let attempts = 1; ; attempts += 1) {
    const failure = await attempt();
    if (!failure) return { attempts };
    if (attempts === 1) over = clock.now() + durationMs;
    else over += failure.uncountedMs ?? 0;
    const delayMs = backoffMs(attempts, means.random.fraction());
    if (failure.permanent || clock.now() + delayMs > over) return { failure, attempts };
    await means.pause(delayMs);
  }
}

/**
 * 1, 2, 4 … 120 s, each times 0.85 to 1.15.
 *
 * @param fraction 0 <= x < 1
 * @see https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
function backoffMs(attempt: number, fraction: number): number {
  return Math.round(Math.min(120_000, 1000 * 2 ** (attempt - 1)) * (0.85 + 0.3 * fraction));
}
