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
 * Firehose counts records and a copier objects, so that a figure of events is `about` wherever one of them holds many
 * events: each delivered record counts the events of a record that was put at that time, and each copied object an equal
 * share of the events of the time shown. Where one record is one event, the figure is exact. 0 where attempts fail.
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
  const [seen, owed] = destination.hasView
    ? [
        `SUM([collected, ${id('dropped')} * -1])`,
        {
          ...collected,
          [id('dropped')]: destinationMetric('EventsDropped', { ...of, destination: name }, sum),
        },
      ]
    : ['collected', collected];
  const attempts = firehoseMetric(`${metrics}.Success`, deliveryStream, {
    statistic: 'Average',
    periodSeconds,
  });
  const line = (delivered: string, usingMetrics: Readonly<Record<string, IMetric>>) =>
    new MathExpression({
      // Attempts that fail deliver 0. Without an attempt there is no value, as in a period that has just begun.
      expression: `SUM([${id('attempts')} * 0, ${delivered}])`,
      usingMetrics: { [id('attempts')]: attempts, ...usingMetrics },
      label: `to ${name}`,
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
    return line(`${copied} * SUM(${seen}) / ${objects}`, {
      ...owed,
      [copied]: copierMetric('ObjectsCopied', { ...of, destination: name }, sum),
      [queued]: waiting(queue),
      [dead]: waiting(deadLetters),
    });
  }
  const [records, put] = [id('records'), id('put')];
  const delivered = { [records]: firehoseMetric(`${metrics}.Records`, deliveryStream, sum) };
  if (destination.isEventPerRecord) return line(records, delivered);
  // Of two series CloudWatch takes a missing value for 0, which would be a delivery of nothing.
  return line(`IF(${records} > 0, ${records} * FILL(${seen} / ${put}, REPEAT), 0)`, {
    ...owed,
    ...delivered,
    [put]: firehoseMetric('IncomingRecords', deliveryStream, sum),
  });
}
