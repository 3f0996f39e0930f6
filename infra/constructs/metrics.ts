import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  type CollectorDestinationMetric,
  type CollectorMetric,
  type CollectorStageMetric,
  collectorDestinationDimensions,
  collectorDimensions,
} from '../../functions/collector/contract.ts';
import { metricNamespace } from '../../functions/metric-namespace.ts';
import { type CopierMetric, copierDimensions } from '../../functions/object-copier/contract.ts';
import type { lifecycleMetrics } from '../../functions/stream-lifecycle/contract.ts';
import type { DeliveryMetrics } from '../destinations/destination-kind.ts';

/** The metrics that alarms and dashboard look at: those of our functions' contracts, and those of AWS's own. */

/** The statistic that makes one value of a metric's values in a period. */
export interface Reading {
  readonly statistic: 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';
  readonly periodSeconds?: number;
  /** In a graph's legend. */
  readonly label?: string;
  /** In a graph's expressions. */
  readonly id?: string;
}

/** The stream that a metric is of. */
export interface StreamDimensions {
  readonly stage: string;
  readonly stream: string;
}

export function collectorMetric(
  name: CollectorMetric,
  of: StreamDimensions,
  reading: Reading,
): cloudwatch.Metric {
  return ours(name, dimensions(collectorDimensions, [of.stage, of.stream]), reading);
}

export function destinationMetric(
  name: CollectorDestinationMetric,
  of: StreamDimensions & { readonly destination: string },
  reading: Reading,
): cloudwatch.Metric {
  return ours(
    name,
    dimensions(collectorDestinationDimensions, [of.stage, of.stream, of.destination]),
    reading,
  );
}

export function stageMetric(
  name: CollectorStageMetric | keyof typeof lifecycleMetrics,
  stage: string,
  reading: Reading,
): cloudwatch.Metric {
  return ours(name, { Stage: stage }, reading);
}

export function copierMetric(
  name: CopierMetric,
  of: StreamDimensions & { readonly destination: string },
  reading: Reading,
): cloudwatch.Metric {
  return ours(name, dimensions(copierDimensions, [of.stage, of.stream, of.destination]), reading);
}

/** @see Firehose developer guide, "Monitor Amazon Data Firehose with CloudWatch metrics" */
export type FirehoseMetric =
  | 'IncomingBytes'
  | 'IncomingRecords'
  | 'ThrottledRecords'
  | `${DeliveryMetrics}.${'Success' | 'DataFreshness' | 'Records'}`;

export function firehoseMetric(
  name: FirehoseMetric,
  deliveryStream: string,
  reading: Reading,
): cloudwatch.Metric {
  return metric('AWS/Firehose', name, { DeliveryStreamName: deliveryStream }, reading);
}

/** @see Lambda developer guide, "Types of metrics for Lambda functions" */
export function lambdaMetric(
  name: 'Duration' | 'Errors' | 'Throttles',
  functionName: string,
  reading: Reading,
): cloudwatch.Metric {
  return metric('AWS/Lambda', name, { FunctionName: functionName }, reading);
}

/** @see SQS developer guide, "Available CloudWatch metrics for Amazon SQS" */
export function queueMetric(
  name: 'ApproximateAgeOfOldestMessage' | 'ApproximateNumberOfMessagesVisible',
  queueName: string,
  reading: Reading,
): cloudwatch.Metric {
  return metric('AWS/SQS', name, { QueueName: queueName }, reading);
}

function ours(name: string, of: Record<string, string>, reading: Reading): cloudwatch.Metric {
  return metric(metricNamespace, name, of, reading);
}

function dimensions(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] as string]));
}

function metric(
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  { statistic, periodSeconds = 300, label, id }: Reading,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    dimensionsMap,
    statistic,
    period: Duration.seconds(periodSeconds),
    label,
    id,
  });
}
