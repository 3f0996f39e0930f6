import type { SqsStandIn } from '../aws/sqs.ts';
import type { MetricStore, Unit } from './metric-store.ts';

/**
 * Tells the store how full queues are, by `QueueName`, at the end of a minute.
 *
 * As SQS does, it tells nothing of a queue that nothing was ever sent to.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueMetrics(
  store: MetricStore,
  sqs: Pick<SqsStandIn, 'depth' | 'onMessages'>,
): (minuteEnd: number) => void {
  const used = new Set<string>();
  sqs.onMessages((arn) => used.add(arn));
  return (minuteEnd) => {
    const time = minuteEnd - 1;
    for (const arn of used) {
      const { visible, hidden, oldestSentAt = time } = sqs.depth(arn);
      const dimensions = { QueueName: arn.slice(arn.lastIndexOf(':') + 1) };
      const record = (name: string, unit: Unit, value: number) => {
        store.add({ namespace: 'AWS/SQS', name, dimensions }, { time, value, unit });
      };
      record('ApproximateNumberOfMessagesVisible', 'Count', visible);
      record('ApproximateNumberOfMessagesNotVisible', 'Count', hidden);
      record('ApproximateAgeOfOldestMessage', 'Seconds', Math.max(0, (time - oldestSentAt) / 1000));
    }
  };
}
