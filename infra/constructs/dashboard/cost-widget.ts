import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { gigabyte, prices } from '../../config/prices.ts';
import { lambdaMetric, stageMetric } from '../metrics.ts';
import type { DashboardFacts } from './dashboard-facts.ts';

const days = 30;
/** Metrics of a stream that have a value in most hours, which is what CloudWatch bills. */
const usualMetricsOfStream = 11;

/** Shows the relay's cost of the last month, as far as its own metrics tell. */
export function costWidget(
  facts: DashboardFacts,
  size: { readonly width: number; readonly height: number },
): SingleValueWidget {
  const { stage, streams } = facts;
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
    expression: `firehose + lambda + ${fixedCost(facts)}`,
    usingMetrics: { firehose, lambda },
    label: 'all, with CloudWatch, USD',
    period,
  });
  return new SingleValueWidget({
    title: `Cost of ${days} days`,
    metrics: [total, firehose, lambda],
    start: `-P${days}D`,
    setPeriodToTimeRange: true,
    ...size,
  });
}

/** US dollars a month, whatever is collected. */
function fixedCost({ stage, streams, alarms }: DashboardFacts): number {
  const all = alarms.length + streams.reduce((sum, each) => sum + each.alarms.length, 0);
  const cents =
    100 *
    (streams.length * usualMetricsOfStream * prices.metricPerMonth +
      all * prices.alarmPerMonth +
      prices.dashboardPerMonth +
      (stage.encryption === 'customer-managed' ? prices.kmsKeyPerMonth : 0));
  return Math.round(cents) / 100;
}
