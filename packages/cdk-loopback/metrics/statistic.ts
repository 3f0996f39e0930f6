import type { MinuteFigures } from './metric-store.ts';

/** How the values of a period become one. */
export type Statistic = (figures: MinuteFigures) => number;

/**
 * Reads a statistic's name: `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p0` to `p100`.
 *
 * @throws naming what is not known here, such as trimmed means
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function readStatistic(name: string): Statistic {
  const simple = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
  if (simple !== undefined) return simple;
  const [, digits] = name.match(/^p(\d{1,2}(?:\.\d{1,10})?|100)$/) ?? [];
  if (digits === undefined) throw new Error(`the local CloudWatch does not know the statistic ${name}`);
  return (figures) => percentile(figures, Number(digits));
}

const statistics: Readonly<Record<string, Statistic>> = {
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
  SampleCount: ({ count }) => count,
};

/** Nearest rank; CloudWatch's own is an approximation whose details are not documented. */
function percentile({ values }: MinuteFigures, wanted: number): number {
  if (values === undefined) throw new Error(`a service that tells sums only has no p${wanted}`);
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((wanted / 100) * sorted.length) - 1)]!;
}
