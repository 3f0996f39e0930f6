import { hourMs, type LoadRow, minuteMs, outageFromMs, sampleMs } from './load-row.ts';

/** A row's samples with the row's claims. */
export interface LoadSeen {
  readonly row: LoadRow;
  /** A figure for each sample, for each destination. */
  readonly undeliveredBytes: readonly (readonly number[])[];
  readonly oldestMs: readonly (readonly number[])[];
  /** The timeout of the collector's function. */
  readonly timeoutMs: number;
  /** The allowed and the taken time of each destination that had to drain; undefined for never. */
  readonly draining: readonly (Draining | undefined)[];
}

export interface Draining {
  readonly allowedMs: number;
  readonly tookMs: number | undefined;
}

/**
 * Lists the claims that a row has not kept, a sentence each. A destination that was never refused anything levels
 * off, and its oldest undelivered batch is never older than two intervals and the function's timeout. One that was
 * refused, and every one after a burst, drains in time.
 */
export function problemsOf(seen: LoadSeen): readonly string[] {
  const { row, undeliveredBytes, oldestMs, draining } = seen;
  const oldestAllowedMs = oldestAllowed(row, seen.timeoutMs);
  return undeliveredBytes.flatMap((bytes, destination) => {
    const name = `destination ${destination + 1}`;
    const drain = draining[destination];
    if (drain !== undefined) {
      if (drain.tookMs !== undefined && drain.tookMs <= drain.allowedMs) return [];
      const took = drain.tookMs === undefined ? 'did not drain' : `drained in ${seconds(drain.tookMs)}`;
      return [`${name} ${took}, and ${seconds(drain.allowedMs)} were allowed`];
    }
    const problems: string[] = [];
    if (!levelsOff(bytes)) {
      const highs = hourlyHighs(bytes).map((high) => (high / mib).toFixed(1));
      problems.push(`${name} does not level off: ${highs.join(', ')} MiB at most in each hour`);
    }
    const oldest = Math.max(...oldestMs[destination]!);
    if (oldest > oldestAllowedMs)
      problems.push(`${name} had a batch of ${seconds(oldest)}, and ${seconds(oldestAllowedMs)} are allowed`);
    return problems;
  });
}

/** Two intervals and the function's timeout. */
export function oldestAllowed({ everyMinutes }: Pick<LoadRow, 'everyMinutes'>, timeoutMs: number): number {
  return 2 * everyMinutes * minuteMs + timeoutMs;
}

/** True if no later hour's highest sample is above 1.1 times the first hour's. */
export function levelsOff(samples: readonly number[]): boolean {
  const [first = 0, ...later] = hourlyHighs(samples);
  return later.every((high) => high <= first * growthAllowed);
}

export const growthAllowed = 1.1;

/** The highest sample of each hour; the last one may be shorter. */
export function hourlyHighs(samples: readonly number[]): readonly number[] {
  const perHour = hourMs / sampleMs;
  return Array.from({ length: Math.ceil(samples.length / perHour) }, (_, hour) =>
    Math.max(...samples.slice(hour * perHour, (hour + 1) * perHour)),
  );
}

/**
 * Milliseconds that `owedBytes` take at the part of the quota that the load leaves; Infinity where it leaves none.
 *
 * @param loadEndsInMs time from which the whole quota is left
 */
export function drainMs(
  owedBytes: number,
  rates: { readonly quotaPerSecond: number; readonly loadPerSecond: number; readonly loadEndsInMs: number },
): number {
  const { quotaPerSecond, loadPerSecond, loadEndsInMs } = rates;
  const left = Math.max(0, quotaPerSecond - loadPerSecond);
  const drainedBeside = (left * loadEndsInMs) / 1_000;
  if (drainedBeside >= owedBytes) return owedBytes === 0 ? 0 : (owedBytes / left) * 1_000;
  return loadEndsInMs + ((owedBytes - drainedBeside) / quotaPerSecond) * 1_000;
}

/** The beginning of a row's draining, in ms from the row's; undefined for a row that never has to drain. */
export function drainsFromMs({ burst, outageHours }: LoadRow): number | undefined {
  if (burst !== undefined) return burst.minutes * minuteMs;
  return outageHours > 0 ? outageFromMs + outageHours * hourMs : undefined;
}

/** Allowed time beside the quota's: nearly a third after an outage, one interval after a burst. */
export function drainAllowance({ burst, everyMinutes }: LoadRow, quotaAllowsMs: number): number {
  return burst === undefined ? 1.3 * quotaAllowsMs : quotaAllowsMs + everyMinutes * minuteMs;
}

const mib = 1024 * 1024;

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000).toLocaleString('en-US')} s`;
}
