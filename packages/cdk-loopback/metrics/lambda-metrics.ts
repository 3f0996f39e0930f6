import type { Invocation } from '../aws/lambda/function-definition.ts';
import type { MetricStore, Unit } from './metric-store.ts';

/**
 * Tells the store what Lambda itself counts of each invocation, by `FunctionName`; pass it every one that ended.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function lambdaMetrics(store: MetricStore): (invocation: Invocation) => void {
  const ended = new Map<string, Span[]>();
  return (invocation) => {
    const { functionName, startedAt, durationMs, status } = invocation;
    const record = (name: string, unit: Unit, value: number) => {
      const metric = { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } };
      store.add(metric, { time: startedAt, value, unit });
    };
    const throttled = status === 'throttled';
    record('Throttles', 'Count', throttled ? 1 : 0);
    if (throttled) return;
    record('Invocations', 'Count', 1);
    record('Errors', 'Count', status === 'ok' ? 0 : 1);
    record('Duration', 'Milliseconds', durationMs);
    const span = { from: startedAt, to: startedAt + durationMs };
    const others = (ended.get(functionName) ?? []).filter(({ to }) => to > span.from - longestRunMs);
    ended.set(functionName, [...others, span]);
    record('ConcurrentExecutions', 'Count', mostAtOnce(span, others));
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Lambda's limit of a timeout: nothing that ended before can overlap with what still runs. */
const longestRunMs = 900_000;

/** How many ran at the busiest instant of one that has just ended; whoever ends later counts the others. */
function mostAtOnce(span: Span, others: readonly Span[]): number {
  const overlapping = others.filter(({ from, to }) => from < span.to && to > span.from);
  const instants = [span.from, ...overlapping.map(({ from }) => Math.max(from, span.from))];
  const runningAt = (instant: number) =>
    overlapping.filter(({ from, to }) => from <= instant && to > instant).length;
  return 1 + Math.max(...instants.map(runningAt));
}
