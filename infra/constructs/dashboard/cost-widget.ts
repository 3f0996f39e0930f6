import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { dollarsOf, inDollars } from '../../config/cost-at-rest.ts';
import { gigabyte, prices } from '../../config/prices.ts';
import { lambdaMetric, stageMetric } from '../metrics.ts';
import type { DashboardFacts } from './dashboard-facts.ts';

const days = 30;

/**
 * Shows the relay's cost of the last month, as far as its own metrics tell, and what the stage costs at rest. What
 * Lambda costs at rest is in its durations.
 */
export function costWidget(
  facts: DashboardFacts,
  size: { readonly width: number; readonly height: number },
): SingleValueWidget {
  const { stage, streams, atRest } = facts;
  const fixed = dollarsOf(atRest) - dollarsOf(atRest, 'Lambda');
  const period = Duration.days(1);
  const billed = stageMetric('BytesBilled', stage.name, {
    statistic: 'Sum',
    periodSeconds: period.toSeconds(),
  });
  const durations: Record<string, IMetric> = Object.fromEntries(
    streams.map(({ functionName }, index) => [
      `duration${index}`,
      lambdaMetric('Duration', functionName, { statistic: 'Sum', periodSeconds: period.toSeconds() }),
    ]),
  );
  // Streams may differ in memory where their settings do; the largest bounds the estimate.
  const gigabytes = Math.max(...streams.map(({ stream }) => stream.memory)) / 1024;
  const firehose = new MathExpression({
    expression: `billed / ${gigabyte} * ${prices.firehosePerGb}`,
    usingMetrics: { billed },
    label: 'Firehose, USD',
    period,
  });
  const lambda = new MathExpression({
    expression: `SUM([${Object.keys(durations).join(', ')}]) / 1000 * ${gigabytes * prices.lambdaPerGbSecond}`,
    usingMetrics: durations,
    label: 'Lambda, USD',
    period,
  });
  const total = new MathExpression({
    expression: `firehose + lambda + ${fixed.toFixed(2)}`,
    usingMetrics: { firehose, lambda },
    label: 'all, with CloudWatch, USD',
    period,
  });
  return new SingleValueWidget({
    title: `Cost of ${days} days; at rest ${inDollars(dollarsOf(atRest))} a month`,
    metrics: [total, firehose, lambda],
    start: `-P${days}D`,
    setPeriodToTimeRange: true,
    ...size,
  });
}
