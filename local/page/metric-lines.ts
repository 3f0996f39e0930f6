import type { MetricQuery } from '@mosaic-relay/cdk-loopback';
import type { AxisSide } from './frame.ts';

/** One line of a chart, as the template names it. */
export interface MetricLine {
  readonly query: MetricQuery;
  /** May hold `${LAST}` and the like. */
  readonly label: string;
  readonly color?: string;
  readonly axis: AxisSide;
  readonly visible: boolean;
  readonly periodMs: number;
}

export interface LineDefaults {
  readonly statistic: string;
  readonly periodSeconds: number;
}

/**
 * Reads a widget's `metrics`, with `.` and `...` for what is as in the line before.
 *
 * @param notDrawn is told what is not understood
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function readMetricLines(
  metrics: readonly (readonly unknown[])[],
  defaults: LineDefaults,
  notDrawn: (what: string) => void,
): readonly MetricLine[] {
  let before: readonly string[] = [];
  const lines = metrics.map((entry, index): MetricLine => {
    const last = entry.at(-1);
    const options = (typeof last === 'object' && last !== null ? last : {}) as LineOptions;
    const given = entry.filter((part) => typeof part === 'string');
    for (const name of Object.keys(options)) if (!known.has(name)) notDrawn(`${name} of a metric`);
    const id = options.id ?? `line${index + 1}`;
    const look = {
      ...(options.color && { color: options.color }),
      axis: options.yAxis ?? 'left',
      visible: options.visible ?? true,
      periodMs: (options.period ?? defaults.periodSeconds) * 1000,
    } as const;
    if (options.expression !== undefined) {
      const { expression } = options;
      return { query: { kind: 'expression', id, expression }, label: options.label ?? expression, ...look };
    }
    before = completed(given, before);
    const [namespace = '', name = '', ...pairs] = before;
    const dimensions: Record<string, string> = {};
    for (let at = 0; at < pairs.length; at += 2) dimensions[pairs[at]!] = pairs[at + 1] ?? '';
    const statistic = options.stat ?? defaults.statistic;
    const query = { kind: 'metric', id, metric: { namespace, name, dimensions }, statistic } as const;
    return { query, label: options.label ?? '', ...look };
  });
  return withLabels(lines);
}

interface LineOptions {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly color?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly yAxis?: AxisSide;
  readonly visible?: boolean;
}

/** The region is the stage's own. */
const known = new Set(['id', 'expression', 'label', 'color', 'stat', 'period', 'yAxis', 'visible', 'region']);

function completed(given: readonly string[], before: readonly string[]): readonly string[] {
  if (given[0] === '...') {
    const rest = given.slice(1);
    return [...before.slice(0, before.length - rest.length), ...rest];
  }
  return given.map((part, index) => (part === '.' ? (before[index] ?? '.') : part));
}

/** A line without a label is called as its metric, and by its dimensions where several are called so. */
function withLabels(lines: readonly MetricLine[]): readonly MetricLine[] {
  const names = lines.map(({ query }) => (query.kind === 'metric' ? query.metric.name : ''));
  return lines.map((line, index) => {
    const { query } = line;
    if (line.label !== '' || query.kind !== 'metric') return line;
    const alone = names.filter((name) => name === names[index]).length === 1;
    const values = Object.values(query.metric.dimensions).join(' ');
    return { ...line, label: alone ? query.metric.name : `${query.metric.name} ${values}` };
  });
}
