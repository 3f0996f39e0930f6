import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { collectorMetric, destinationMetric, firehoseMetric, queueMetric } from '../metrics.ts';
import type { DashboardFacts, StreamFacts } from './dashboard-facts.ts';

const period = Duration.minutes(5);

/**
 * For how many minutes the oldest event waits that some receiver has not got: in the journal, in quarantine, given up by
 * Firehose, in a copier's queue or dead letters, or in Firehose while its attempts fail. What Firehose delivers at its usual pace is under
 * way, and counts 0.
 */
export function oldestWaiting({ stage, streams }: DashboardFacts): MathExpression {
  const ofStreams = Object.fromEntries(
    streams.map((facts, index) => [`oldest${index}`, oldestOf(stage.name, facts, index)]),
  );
  return new MathExpression({
    expression: `MAX([${Object.keys(ofStreams).join(', ')}]) / 60`,
    usingMetrics: ofStreams,
    label: 'oldest waiting, minutes',
    period,
  });
}

/** An expression for each stream, because CloudWatch takes 2,048 characters of one. */
function oldestOf(stage: string, { stream, destinations }: StreamFacts, index: number): MathExpression {
  const of = { stage, stream: stream.name };
  const maximum = { statistic: 'Maximum' } as const;
  const undelivered = `undelivered${index}`;
  const metrics: Record<string, IMetric> = {
    [undelivered]: collectorMetric('OldestUndelivered', of, maximum),
  };
  const parts = [undelivered];
  for (const [at, { name, deliveryStream, metrics: delivery, copier }] of destinations.entries()) {
    const id = `${index}x${at}`;
    metrics[`age${id}`] = destinationMetric('WaitingAge', { ...of, destination: name }, maximum);
    metrics[`fresh${id}`] = firehoseMetric(`${delivery}.DataFreshness`, deliveryStream, maximum);
    metrics[`success${id}`] = firehoseMetric(`${delivery}.Success`, deliveryStream, { statistic: 'Average' });
    parts.push(`age${id}`, `IF(success${id} < 1, fresh${id}, 0)`);
    if (copier === undefined) continue;
    const age = 'ApproximateAgeOfOldestMessage';
    metrics[`queue${id}`] = queueMetric(age, copier.queue.queueName, maximum);
    metrics[`dead${id}`] = queueMetric(age, copier.deadLetters.queueName, maximum);
    parts.push(`queue${id}`, `dead${id}`);
  }
  return new MathExpression({ expression: `MAX([${parts.join(', ')}])`, usingMetrics: metrics, period });
}

/**
 * The events that receivers have not got beside what Firehose and queues hold. Sweeps tell it only while something waits,
 * so that 0 comes from `OldestUndelivered`, which every sweep tells: without sweeps there is no value.
 */
export function eventsWaiting({ stage, streams }: DashboardFacts): MathExpression {
  const ofStreams = Object.fromEntries(
    streams.map(({ stream, destinations }, index) => {
      const of = { stage: stage.name, stream: stream.name };
      const metrics: Record<string, IMetric> = {
        [`told${index}`]: collectorMetric('OldestUndelivered', of, { statistic: 'Maximum' }),
      };
      for (const [at, { name }] of destinations.entries())
        metrics[`waiting${index}x${at}`] = destinationMetric(
          'Waiting',
          { ...of, destination: name },
          { statistic: 'Maximum' },
        );
      const [told, ...waiting] = Object.keys(metrics);
      const expression = `SUM([${[`${told} * 0`, ...waiting].join(', ')}])`;
      return [`events${index}`, new MathExpression({ expression, usingMetrics: metrics, period })];
    }),
  );
  return new MathExpression({
    expression: `SUM([${Object.keys(ofStreams).join(', ')}])`,
    usingMetrics: ofStreams,
    label: 'events waiting',
    period,
  });
}
