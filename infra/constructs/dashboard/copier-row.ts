import { GraphWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { CopierMetric } from '../../../functions/object-copier/contract.ts';
import { shownNameOf } from '../../config/names.ts';
import type { Stream } from '../../config/stream-settings.ts';
import type { CopierQueues } from '../../destinations/destination-kind.ts';
import { queueStuckSeconds, type WatchedDestination } from '../alarms/destination-alarms.ts';
import { copierMetric, queueMetric, type Reading } from '../metrics.ts';

/** The row of a destination's object copier, which takes objects on from S3. */
export function copierRow(
  { stage, stream }: { readonly stage: string; readonly stream: Pick<Stream, 'name' | 'label'> },
  destination: WatchedDestination & { readonly copier: CopierQueues },
): readonly IWidget[] {
  const { name, copier } = destination;
  const of = (metric: CopierMetric, statistic: Reading['statistic'], label: string) =>
    copierMetric(metric, { stage, stream: stream.name, destination: name }, { statistic, label });
  const common = { width: 8, height: 5, leftYAxis: { min: 0, showUnits: false } };
  return [
    new GraphWidget({
      ...common,
      title: `${shownNameOf(stream)} to ${name}: objects copied`,
      left: [of('ObjectsCopied', 'Sum', 'objects')],
    }),
    new GraphWidget({
      ...common,
      title: `${shownNameOf(stream)} to ${name}: copies late, seconds`,
      left: [
        of('CopyLag', 'Maximum', 'from object to copy'),
        queueMetric('ApproximateAgeOfOldestMessage', copier.queue.queueName, {
          statistic: 'Maximum',
          label: 'oldest in the queue',
        }),
      ],
      leftAnnotations: [{ value: queueStuckSeconds, label: 'QueueStuck' }],
    }),
    new GraphWidget({
      ...common,
      title: `${shownNameOf(stream)} to ${name}: copies in trouble`,
      left: [
        of('CopiesDeferred', 'Sum', 'deferred'),
        of('CopiesRefused', 'Sum', 'refused'),
        of('CopiesDeadLettered', 'Sum', 'set aside'),
        of('ObjectsAlreadyThere', 'Sum', 'there already'),
        queueMetric('ApproximateNumberOfMessagesVisible', copier.deadLetters.queueName, {
          statistic: 'Maximum',
          label: 'in the dead-letter queue',
        }),
      ],
    }),
  ];
}
