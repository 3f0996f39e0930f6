import type { Axis, MetricStore, Series } from '@mosaic-relay/cdk-loopback';
import type { Widget } from './dashboard-body.ts';
import type { LineData } from './frame.ts';
import type { MetricLine } from './metric-lines.ts';

/** The time that a page shows: whole minutes. */
export interface ShownRange {
  readonly from: number;
  readonly to: number;
}

/** What a chart's lines are worth over a time, as CloudWatch would plot them. */
export function widgetData(widget: Widget, store: MetricStore, shown: ShownRange): readonly LineData[] {
  const { lines, querySet, wholeRange, rangeMs } = widget;
  const range = rangeMs === undefined ? shown : { from: shown.to - rangeMs, to: shown.to };
  return lines.flatMap((line) => {
    if (!line.visible) return [];
    const axis = wholeRange ? wholeAxis(range) : alignedAxis(range, line.periodMs);
    const all = querySet.evaluate(line.query.id, store, axis);
    return all.map((series, index) => ({
      label: labelOf(line, series, all.length > 1 ? ` ${index + 1}` : ''),
      ...(line.color && { color: line.color }),
      axis: line.axis,
      start: axis.start,
      periodMs: axis.periodMs,
      values: series.map((value) => value ?? null),
    }));
  });
}

/** Periods begin at multiples of their length; the one that goes on is shown as far as it has come. */
function alignedAxis({ from, to }: ShownRange, periodMs: number): Axis {
  const start = Math.floor(from / periodMs) * periodMs;
  return { start, periodMs, count: Math.max(1, Math.ceil((to - start) / periodMs)) };
}

function wholeAxis({ from, to }: ShownRange): Axis {
  return { start: from, periodMs: to - from, count: 1 };
}

/** Fills in the parts of a label that follow from the values. */
function labelOf(line: MetricLine, series: Series, suffix: string): string {
  const present = series.filter((value) => value !== undefined);
  const text = line.label.replace(
    /\$\{(\w+)(?:\('([^']*)'\))?\}/g,
    (whole, name: string, argument?: string) => {
      if (name === 'LABEL')
        return line.query.kind === 'metric' ? line.query.metric.name : line.query.expression;
      if (name === 'PROP') return propertyOf(line, argument ?? '') ?? whole;
      const reduce = Object.hasOwn(reductions, name) ? reductions[name] : undefined;
      if (reduce === undefined) return whole;
      return present.length === 0 ? '–' : String(Number(reduce(present).toPrecision(4)));
    },
  );
  return `${text}${suffix}`;
}

const reductions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  LAST: (values) => values.at(-1)!,
  FIRST: (values) => values[0]!,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

function propertyOf({ query, periodMs }: MetricLine, name: string): string | undefined {
  if (query.kind !== 'metric') return undefined;
  if (name.startsWith('Dim.')) return query.metric.dimensions[name.slice(4)];
  return { MetricName: query.metric.name, Stat: query.statistic, Period: String(periodMs / 1000) }[name];
}
