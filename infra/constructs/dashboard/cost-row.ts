import { Duration } from 'aws-cdk-lib';
import {
  type IMetric,
  type IWidget,
  MathExpression,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { costGroups, dollarsOf, inDollars } from '../../config/cost-at-rest.ts';
import { gigabyte, prices } from '../../config/prices.ts';
import { lambdaMetric, stageMetric } from '../metrics.ts';
import type { DashboardFacts } from './dashboard-facts.ts';

const days = 30;
const height = 3;

/** The relay's cost of the last month as far as its own metrics tell, what of it is fixed, and what would lower it. */
export function costRow(facts: DashboardFacts): readonly IWidget[] {
  return [costWidget(facts), new TextWidget({ markdown: costText(facts), width: 14, height })];
}

/** What Lambda costs at rest is in its durations. */
function costWidget({ stage, streams, atRest }: DashboardFacts): SingleValueWidget {
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
    label: 'Firehose, by volume, USD',
    period,
  });
  const lambda = new MathExpression({
    expression: `SUM([${Object.keys(durations).join(', ')}]) / 1000 * ${gigabytes * prices.lambdaPerGbSecond}`,
    usingMetrics: durations,
    label: 'Lambda, by run time, USD',
    period,
  });
  const total = new MathExpression({
    expression: `firehose + lambda + ${fixed.toFixed(2)}`,
    usingMetrics: { firehose, lambda },
    label: 'all, with what is fixed, USD',
    period,
  });
  return new SingleValueWidget({
    title: `Cost of ${days} days; at rest ${inDollars(dollarsOf(atRest))} a month`,
    metrics: [total, firehose, lambda],
    start: `-P${days}D`,
    setPeriodToTimeRange: true,
    width: 10,
    height,
  });
}

function costText({ atRest }: DashboardFacts): string {
  const parts = costGroups
    .map((group) => [group, dollarsOf(atRest, group)] as const)
    .filter(([, dollars]) => dollars >= 0.005)
    .map(([group, dollars]) => `${group} ${inDollars(dollars)}`);
  return [
    `**Fixed, a month** ${parts.join(', ')}.`,
    `**By volume** Firehose ${prices.firehosePerGb} USD a GB, each record rounded up to 5 KiB, beside Lambda, requests to S3, and the metrics of hours with events. List prices; what SIEM and S3 take comes on top.`,
    '**What lowers it** `compressRecords` where a destination has it, and a view that drops what nobody searches: `npx relay advise` reckons both.',
  ].join('\n\n');
}
