import { type MetricIdentity, type MetricStore, minuteMs, type Unit } from './metric-store.ts';
import type { Statistic } from './statistic.ts';

/** The periods that a series has values for: `count` of them, the first beginning at `start`. */
export interface Axis {
  /** Milliseconds since the epoch, a whole minute. */
  readonly start: number;
  readonly periodMs: number;
  readonly count: number;
}

/** A value for each period of an axis; undefined where there was no data. */
export type Series = readonly (number | undefined)[];

/** @throws when the period is no whole number of minutes: nothing here is kept at a higher resolution */
export function checkPeriod(seconds: number): number {
  const periodMs = seconds * 1000;
  if (!Number.isInteger(seconds) || periodMs < minuteMs || periodMs % minuteMs !== 0)
    throw new Error(`the local CloudWatch knows whole minutes only; a period of ${seconds} s is not`);
  return periodMs;
}

/** Reads one statistic of one metric on an axis. */
export function readSeries(
  store: MetricStore,
  wanted: { readonly metric: MetricIdentity; readonly statistic: Statistic; readonly unit?: Unit },
  { start, periodMs, count }: Axis,
): Series {
  return Array.from({ length: count }, (_, index) => {
    const from = start + index * periodMs;
    const figures = store.read(wanted.metric, { from, to: from + periodMs }, wanted.unit);
    return figures && wanted.statistic(figures);
  });
}
