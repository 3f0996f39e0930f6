import type { Construct } from 'constructs';
import type { Thresholds } from '../../config/alarm-thresholds.ts';
import { inWords, largeUnits } from '../../config/fields.ts';
import type { CopierQueues, DeliveryMetrics } from '../../destinations/destination-kind.ts';
import { destinationMetric, firehoseMetric, queueMetric } from '../metrics.ts';
import { droppedAlone } from './dropped-alone.ts';
import { latest } from './evaluation.ts';
import { RelayAlarm, type StreamAlarmContext } from './relay-alarm.ts';

/** A destination as those who watch it see it. */
export interface WatchedDestination {
  readonly name: string;
  readonly kind: string;
  readonly deliveryStream: string;
  readonly metrics: DeliveryMetrics;
  /** True where Firehose writes what it gives up into the bucket. */
  readonly backsUp: boolean;
  readonly copier?: CopierQueues;
  /** True if its receiver does not take every event, however old. */
  readonly hasAges: boolean;
  /** True if it sees events through a view. */
  readonly hasView: boolean;
  /** True where lines are written in a schema that SIEMs share. */
  readonly hasShape: boolean;
  /** True if each record of Firehose holds one event. */
  readonly isEventPerRecord: boolean;
}

/**
 * Less than two tries of a copy: a message that was tried three times no longer counts as the oldest.
 *
 * @see SQS developer guide, "Available CloudWatch metrics for Amazon SQS", ApproximateAgeOfOldestMessage
 */
export const queueStuckSeconds = 900;

/** The alarms on one destination: Firehose's part, and the copier's where there is one. */
export function destinationAlarms(
  scope: Construct,
  context: StreamAlarmContext,
  { destination, thresholds }: { readonly destination: WatchedDestination; readonly thresholds: Thresholds },
): readonly RelayAlarm[] {
  const { name, deliveryStream, metrics } = destination;
  const { stage, stream } = context;
  const alarm = (props: Omit<ConstructorParameters<typeof RelayAlarm>[2], 'context'>) =>
    new RelayAlarm(scope, props.name, { ...props, context: { ...context, destination: name } });
  const lacks = `the team that reads ${stream} at ${name}`;
  return [
    alarm({
      name: 'DeliveryFailing',
      means: `Most of Firehose's attempts to deliver ${stream} to ${name} failed in 15 minutes.`,
      hurts: `${lacks} gets events late. What Firehose gives up is kept: see its runbook article.`,
      firstStep: 'doctor',
      missingData: { is: 'notBreaching', because: 'nothing was delivered, and nothing failed.' },
      breach: { below: 0.5 },
      evaluation: latest(900),
      metric: (periodSeconds) =>
        firehoseMetric(`${metrics}.Success`, deliveryStream, { statistic: 'Average', periodSeconds }),
    }),
    alarm({
      name: 'DeliveryBehind',
      means: `The oldest record of ${stream} on its way to ${name} is older than ${inWords(thresholds.deliveryBehind, largeUnits)}.`,
      hurts: `${lacks} sees events late; Firehose keeps a record for 24 hours at most.`,
      firstStep: 'status',
      missingData: { is: 'notBreaching', because: 'nothing was on its way.' },
      breach: { above: thresholds.deliveryBehind },
      evaluation: latest(900),
      metric: (periodSeconds) =>
        firehoseMetric(`${metrics}.DataFreshness`, deliveryStream, { statistic: 'Maximum', periodSeconds }),
    }),
    ...(destination.backsUp
      ? [
          alarm({
            name: 'DeliveryGivenUp',
            means: `Firehose gave up delivering records of ${stream} to ${name}. They lie in the bucket's backup folder until they are replayed.`,
            hurts: `${lacks} lacks these events until they are replayed.`,
            firstStep: 'status',
            missingData: { is: 'notBreaching', because: 'sweeps tell it only while something lies there.' },
            breach: { above: 0 },
            evaluation: latest(300),
            metric: (periodSeconds) =>
              destinationMetric(
                'GivenUp',
                { stage, stream, destination: name },
                { statistic: 'Maximum', periodSeconds },
              ),
          }),
        ]
      : []),
    ...(destination.hasAges
      ? [
          alarm({
            name: 'LateForDestination',
            means: `Events of ${stream} were too old or too new for ${name} when they were delivered: its receiver refuses, drops or re-dates such events.`,
            hurts: `${lacks} lacks these events or sees them at a wrong time. They are in the journal, and at the other destinations.`,
            firstStep: 'status',
            missingData: { is: 'notBreaching', because: 'no event was late.' },
            breach: { above: 0 },
            evaluation: latest(3_600),
            metric: (periodSeconds) =>
              destinationMetric(
                'LateForDestination',
                { stage: context.stage, stream, destination: name },
                { statistic: 'Sum', periodSeconds },
              ),
          }),
        ]
      : []),
    ...(destination.hasView
      ? [
          alarm({
            name: 'ViewDropsAll',
            means: `The view of ${name} dropped a thousand events of ${stream} or more within six hours, and let none through.`,
            hurts: `${lacks} sees nothing. The events are in the journal, and at the other destinations.`,
            firstStep: 'status',
            missingData: { is: 'notBreaching', because: 'the view dropped nothing.' },
            breach: { above: 0 },
            evaluation: latest(6 * 3_600),
            metric: (periodSeconds) =>
              droppedAlone({ stage, stream, destination: name }, { statistic: 'Sum', periodSeconds }),
          }),
        ]
      : []),
    ...(destination.copier === undefined ? [] : copierAlarms(destination.copier)),
  ];

  function copierAlarms({ queue, deadLetters }: CopierQueues): readonly RelayAlarm[] {
    return [
      alarm({
        name: 'QueueStuck',
        means: `An object of ${stream} has waited for more than 15 minutes to be copied to ${name}.`,
        hurts: `${lacks} gets events late. They wait for up to 14 days.`,
        firstStep: 'status',
        missingData: { is: 'notBreaching', because: 'SQS tells nothing of a queue that is not used.' },
        breach: { above: queueStuckSeconds },
        evaluation: latest(300),
        metric: (periodSeconds) =>
          queueMetric('ApproximateAgeOfOldestMessage', queue.queueName, {
            statistic: 'Maximum',
            periodSeconds,
          }),
      }),
      alarm({
        name: 'CopiesSetAside',
        means: `Messages of objects of ${stream} that could not be copied to ${name} lie in the dead-letter queue.`,
        hurts: `${lacks} lacks these objects until somebody sends the messages back.`,
        firstStep: 'status',
        missingData: { is: 'notBreaching', because: 'SQS tells nothing of a queue that is not used.' },
        breach: { above: 0 },
        evaluation: latest(300),
        metric: (periodSeconds) =>
          queueMetric('ApproximateNumberOfMessagesVisible', deadLetters.queueName, {
            statistic: 'Maximum',
            periodSeconds,
          }),
      }),
    ];
  }
}
