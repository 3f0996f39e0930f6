import { describe, expect, test } from 'vitest';
import {
  collectorDestinationDimensions,
  collectorDestinationMetrics,
  collectorDimensions,
  collectorMetrics,
  collectorStageDimensions,
  collectorStageMetrics,
} from '../../../functions/collector/contract.ts';
import { metricNamespace } from '../../../functions/metric-namespace.ts';
import { copierDimensions, copierMetrics } from '../../../functions/object-copier/contract.ts';
import { lifecycleMetrics } from '../../../functions/stream-lifecycle/contract.ts';
import { everySort, metricsOfAlarm, metricsOfWidget, monitoredStream } from './monitored.ts';

interface Owner {
  readonly namespace: string;
  readonly dimensions: readonly string[];
  readonly metrics: readonly string[];
}

/** Everything that anyone emits, with its whole set of dimensions. */
const owners: readonly Owner[] = [
  { namespace: metricNamespace, dimensions: collectorDimensions, metrics: Object.keys(collectorMetrics) },
  {
    namespace: metricNamespace,
    dimensions: collectorStageDimensions,
    metrics: Object.keys(collectorStageMetrics),
  },
  {
    namespace: metricNamespace,
    dimensions: collectorDestinationDimensions,
    metrics: Object.keys(collectorDestinationMetrics),
  },
  { namespace: metricNamespace, dimensions: copierDimensions, metrics: Object.keys(copierMetrics) },
  { namespace: metricNamespace, dimensions: ['Stage'], metrics: Object.keys(lifecycleMetrics) },
  {
    // Firehose developer guide, "Monitor Amazon Data Firehose with CloudWatch metrics"
    namespace: 'AWS/Firehose',
    dimensions: ['DeliveryStreamName'],
    metrics: [
      'IncomingBytes',
      'IncomingRecords',
      'ThrottledRecords',
      'DeliveryToS3.Success',
      'DeliveryToS3.DataFreshness',
      'DeliveryToS3.Records',
      'DeliveryToSplunk.Success',
      'DeliveryToSplunk.DataFreshness',
      'DeliveryToSplunk.Records',
    ],
  },
  {
    // Lambda developer guide, "Types of metrics for Lambda functions"
    namespace: 'AWS/Lambda',
    dimensions: ['FunctionName'],
    metrics: ['Duration', 'Errors', 'Throttles'],
  },
  {
    // SQS developer guide, "Available CloudWatch metrics for Amazon SQS"
    namespace: 'AWS/SQS',
    dimensions: ['QueueName'],
    metrics: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
  },
];

const monitored = monitoredStream({ name: 'one', destinations: everySort, witness: 'detect' });
const ofAlarms = [...monitored.alarms.values()].flatMap(metricsOfAlarm);
const ofWidgets = monitored.widgets.flatMap(metricsOfWidget);

function ownerOf(metric: { namespace: string; name: string; dimensions: object }): Owner | undefined {
  return owners.find(
    ({ namespace, dimensions, metrics }) =>
      namespace === metric.namespace &&
      metrics.includes(metric.name) &&
      dimensions.toSorted().join() === Object.keys(metric.dimensions).toSorted().join(),
  );
}

test('every metric that an alarm or a widget names has an owner who emits it with those dimensions', () => {
  const ownerless = [...ofAlarms, ...ofWidgets].filter((metric) => ownerOf(metric) === undefined);
  expect(ownerless).toEqual([]);
});

describe('every metric of', () => {
  const used = new Set([...ofAlarms, ...ofWidgets].map(({ namespace, name }) => `${namespace} ${name}`));
  const shown = owners.map(
    ({ namespace, dimensions, metrics }) =>
      [`${namespace} by ${dimensions.join(', ')}`, namespace, metrics] as const,
  );

  test.each(shown)('%s is used by an alarm or a widget', (_, namespace, metrics) => {
    expect(metrics.filter((name) => !used.has(`${namespace} ${name}`))).toEqual([]);
  });
});

test('a stream has at most 24 metrics', () => {
  expect(Object.keys(collectorMetrics).length).toBeLessThanOrEqual(24);
});

test('units are those that CloudWatch knows', () => {
  const units = [
    collectorMetrics,
    collectorDestinationMetrics,
    collectorStageMetrics,
    copierMetrics,
    lifecycleMetrics,
  ].flatMap((metrics) => Object.values(metrics));
  for (const unit of units) expect(unit).toMatch(/^(Count|Bytes|Seconds|Milliseconds)$/);
});
