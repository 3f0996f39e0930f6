import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { WatchedDestination } from '../alarms/destination-alarms.ts';
import {
  collectorMetric,
  copierMetric,
  destinationMetric,
  firehoseMetric,
  queueMetric,
  type StreamDimensions,
} from '../metrics.ts';

/**
 * The events that a destination's receiver has taken, period by period.
 *
 * Firehose counts records and bytes, and a copier objects, so that a figure of events is `about` wherever one of them
 * holds many events: of what was collected in the time shown, the share of records that were delivered, spread over
 * time by bytes; for a copier the share of objects that were copied. Where one record is one event, the figure is exact.
 * 0 where events were collected and nothing was delivered.
 */
export function deliveredEvents(
  of: StreamDimensions,
  destination: WatchedDestination,
  { index, periodSeconds }: { readonly index: number; readonly periodSeconds: number },
): MathExpression {
  const sum = { statistic: 'Sum', periodSeconds } as const;
  const { name, deliveryStream, metrics } = destination;
  const id = (what: string) => `${what}${index}`;
  const collected = { collected: collectorMetric('EventsCollected', of, sum) };
  const [seen, dropped] = destination.hasView
    ? [
        `SUM(SUM([collected, ${id('dropped')} * -1]))`,
        { [id('dropped')]: destinationMetric('EventsDropped', { ...of, destination: name }, sum) },
      ]
    : ['SUM(collected)', {}];
  const line = (delivered: string, label: string, usingMetrics: Readonly<Record<string, IMetric>>) =>
    new MathExpression({
      expression: `SUM([collected * 0, ${delivered}])`,
      usingMetrics: { ...collected, ...usingMetrics },
      label,
      period: Duration.seconds(periodSeconds),
    });
  if (destination.copier !== undefined) {
    const { queue, deadLetters } = destination.copier;
    const waiting = (of: IQueue) =>
      queueMetric('ApproximateNumberOfMessagesVisible', of.queueName, {
        statistic: 'Maximum',
        periodSeconds,
      });
    const [copied, queued, dead] = [id('copied'), id('queued'), id('dead')];
    // The objects of the time shown: those copied, and by how many more wait now than at its beginning.
    const objects = `SUM(SUM([${copied}, DIFF(${queued}), DIFF(${dead})]))`;
    return line(`${copied} * ${seen} / ${objects}`, `delivered to ${name}, about`, {
      ...dropped,
      [copied]: copierMetric('ObjectsCopied', { ...of, destination: name }, sum),
      [queued]: waiting(queue),
      [dead]: waiting(deadLetters),
    });
  }
  const records = id('records');
  const deliveredRecords = firehoseMetric(`${metrics}.Records`, deliveryStream, sum);
  if (destination.isEventPerRecord)
    return line(records, `delivered to ${name}`, { [records]: deliveredRecords });
  const [bytes, put] = [id('bytes'), id('put')];
  return line(
    `${bytes} / SUM(${bytes}) * SUM(${records}) / SUM(${put}) * ${seen}`,
    `delivered to ${name}, about`,
    {
      ...dropped,
      [records]: deliveredRecords,
      [bytes]: firehoseMetric(`${metrics}.Bytes`, deliveryStream, sum),
      [put]: firehoseMetric('IncomingRecords', deliveryStream, sum),
    },
  );
}
