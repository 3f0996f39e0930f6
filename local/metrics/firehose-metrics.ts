import type { MetricLog } from '../aws/firehose/metric-log.ts';
import { keyOf, type MetricIdentity, type MetricStore, type Unit } from './metric-store.ts';

/**
 * Copies what the Firehose stand-in counted into the store, by `DeliveryStreamName`. A minute that is copied again
 * replaces what was there.
 *
 * Simplified: freshness is told at each attempt to deliver, where Firehose tells it every minute.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
export function copyFirehoseMetrics(log: MetricLog, store: MetricStore): void {
  const identities = new Map<string, MetricIdentity>();
  for (const { stream, metric: name, ...figures } of log.data()) {
    const metric = { namespace: 'AWS/Firehose', name, dimensions: { DeliveryStreamName: stream } };
    const identity = identities.get(keyOf(metric)) ?? metric;
    identities.set(keyOf(metric), identity);
    store.put(identity, unitOf(name), figures);
  }
}

function unitOf(metric: string): Unit {
  if (metric.endsWith('DataFreshness')) return 'Seconds';
  if (metric.endsWith('Bytes')) return 'Bytes';
  // The share of attempts that succeeded; Firehose tells it without a unit of its own.
  return 'Count';
}
