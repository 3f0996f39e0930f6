import type { QueueDepth } from '../aws/sqs.ts';
import type { MetricStore, Unit } from './metric-store.ts';

/**
 * Tells the store how full queues are, by `QueueName`; call it at each full minute with every queue there is.
 *
 * As SQS does, it tells nothing of a queue until something is sent to it.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueMetrics(
  store: MetricStore,
): (queueName: string, depth: QueueDepth, time: number) => void {
  const used = new Set<string>();
  return (queueName, { visible, hidden, oldestSentAt }, time) => {
    if (visible + hidden > 0) used.add(queueName);
    if (!used.has(queueName)) return;
    const record = (name: string, unit: Unit, value: number) => {
      store.add({ namespace: 'AWS/SQS', name, dimensions: { QueueName: queueName } }, { time, value, unit });
    };
    record('ApproximateNumberOfMessagesVisible', 'Count', visible);
    record('ApproximateNumberOfMessagesNotVisible', 'Count', hidden);
    record('ApproximateAgeOfOldestMessage', 'Seconds', (time - (oldestSentAt ?? time)) / 1000);
  };
}
