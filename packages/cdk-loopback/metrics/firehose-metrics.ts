import type { MetricLog } from '../aws/firehose/metric-log.ts';
import type { MetricIdentity, MetricStore, Unit } from './metric-store.ts';

/**
 * Copies what the Firehose stand-in counted into the store, by `DeliveryStreamName`, whenever the answer is called:
 * what is new, and the last minute again, which replaces what was there.
 *
 * Simplified: freshness is told at each attempt to deliver, where Firehose tells it every minute.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
export function firehoseMetrics(log: MetricLog, store: MetricStore): () => void {
  const identities = new Map<string, MetricIdentity>();
  let copiedTo = 0;
  const identityOf = (stream: string, name: string): MetricIdentity => {
    const key = `${stream} ${name}`;
    const identity = identities.get(key) ?? {
      namespace: 'AWS/Firehose',
      name,
      dimensions: { DeliveryStreamName: stream },
    };
    identities.set(key, identity);
    return identity;
  };
  return () => {
    const data = log.data();
    for (const { stream, metric, ...figures } of data) {
      if (figures.time < copiedTo) continue;
      store.put(identityOf(stream, metric), unitOf(metric), figures);
    }
    copiedTo = data.at(-1)?.time ?? 0;
  };
}

function unitOf(metric: string): Unit {
  if (metric.endsWith('DataFreshness')) return 'Seconds';
  if (metric.endsWith('Bytes')) return 'Bytes';
  // The share of attempts that succeeded; Firehose tells it without a unit of its own.
  return 'Count';
}
