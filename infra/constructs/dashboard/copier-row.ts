import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { CopierMetric } from '../../../functions/object-copier/contract.ts';
import { shownNameOf } from '../../config/names.ts';
import type { Stream } from '../../config/stream-settings.ts';
import type { CopierQueues } from '../../destinations/destination-kind.ts';
import { queueStuckSeconds, type WatchedDestination } from '../alarms/destination-alarms.ts';
import { copierMetric, queueMetric, type Reading } from '../metrics.ts';
import { inUnit, minutes } from './age-unit.ts';
import { timeChart } from './time-chart.ts';

/** The row of a destination's object copier, which takes objects on from S3. */
export function copierRow(
  { stage, stream }: { readonly stage: string; readonly stream: Pick<Stream, 'name' | 'label'> },
  destination: WatchedDestination & { readonly copier: CopierQueues },
): readonly IWidget[] {
  const { name, copier } = destination;
  const of = (metric: CopierMetric, statistic: Reading['statistic'], label: string) =>
    copierMetric(metric, { stage, stream: stream.name, destination: name }, { statistic, label });
  const size = { width: 8, height: 5 };
  const title = `${shownNameOf(stream)} to ${name}`;
  const ageOfQueue = queueMetric('ApproximateAgeOfOldestMessage', copier.queue.queueName, {
    statistic: 'Maximum',
  });
  return [
    timeChart({
      ...size,
      title: `${title}: objects copied`,
      unit: 'objects',
      lines: [of('ObjectsCopied', 'Sum', 'objects')],
    }),
    timeChart({
      ...size,
      title: `${title}: copies late, minutes`,
      unit: 'minutes',
      lines: [
        inUnit(of('CopyLag', 'Maximum', ''), minutes, { id: 'lag', label: 'from object to copy' }),
        inUnit(ageOfQueue, minutes, { id: 'queue', label: 'oldest in the queue' }),
      ],
      thresholds: [{ value: queueStuckSeconds / minutes.seconds, label: 'QueueStuck' }],
    }),
    timeChart({
      ...size,
      title: `${title}: copies in trouble`,
      unit: 'copies',
      lines: [
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
