import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { WatchedDestination } from '../alarms/destination-alarms.ts';
import { collectorMetric, destinationMetric, firehoseMetric, queueMetric } from '../metrics.ts';
import type { AgeUnit } from './age-unit.ts';
import type { StreamFacts } from './dashboard-facts.ts';

/** A part of an expression, with the metrics that it names. */
interface Part {
  readonly terms: readonly string[];
  readonly metrics: Readonly<Record<string, IMetric>>;
}

interface Reader {
  readonly stage: string;
  /** Makes the ids of one expression differ from those of the next. */
  readonly index: string;
  readonly periodSeconds: number;
}

const maximum = 'Maximum';

/**
 * The age of the oldest event of a stream that some receiver has not got: in the journal, in quarantine, given up by
 * Firehose, in a copier's queue or dead letters, or in Firehose while its attempts fail. What Firehose delivers at its
 * usual pace is under way, and counts 0. Without sweeps there is no value.
 */
export function oldestOfStream(facts: StreamFacts, unit: AgeUnit, reader: Reader): MathExpression {
  const parts = facts.destinations.map((destination, at) =>
    agesOf(facts, destination, { ...reader, index: `${reader.index}x${at}` }, (fresh, success) => [
      `IF(${success} < 1, ${fresh}, 0)`,
    ]),
  );
  const undelivered = `undelivered${reader.index}`;
  return expression('MAX', { told: undelivered, first: undelivered }, parts, {
    metrics: { [undelivered]: undeliveredOf(facts, reader) },
    divisor: unit.seconds,
    reader,
  });
}

/** The age of the oldest event that a destination's receiver has not got, what Firehose holds at its usual pace included. */
export function oldestOfDestination(
  facts: StreamFacts,
  destination: WatchedDestination,
  unit: AgeUnit,
  reader: Reader,
): MathExpression {
  const part = agesOf(facts, destination, reader, (fresh) => [fresh]);
  return expression('MAX', { told: 'told', first: 'told * 0' }, [part], {
    metrics: { told: undeliveredOf(facts, reader) },
    divisor: unit.seconds,
    reader,
  });
}

/**
 * The events of a stream that receivers have not got, each counted once for each receiver. Without sweeps there is no
 * value.
 */
export function waitingOfStream(facts: StreamFacts, reader: Reader): MathExpression {
  const parts = facts.destinations.map((destination, at) =>
    waitingParts(facts, destination, { ...reader, index: `${reader.index}x${at}` }, `events${reader.index}`),
  );
  return waiting(facts, parts, reader);
}

export function waitingOfDestination(
  facts: StreamFacts,
  destination: WatchedDestination,
  reader: Reader,
): MathExpression {
  return waiting(facts, [waitingParts(facts, destination, reader, `events${reader.index}`)], reader);
}

function waiting(facts: StreamFacts, parts: readonly Part[], reader: Reader): MathExpression {
  const { stage, index, periodSeconds } = reader;
  const told = `told${index}`;
  const collected = collectorMetric(
    'EventsCollected',
    { stage, stream: facts.stream.name },
    { statistic: 'Sum', periodSeconds },
  );
  return expression('SUM', { told, first: `${told} * 0` }, parts, {
    metrics: {
      [told]: undeliveredOf(facts, reader),
      ...(parts.length > 0 && { [`events${index}`]: collected }),
    },
    reader,
  });
}

/**
 * Sweeps tell the events that go no further by themselves. Of what Firehose holds while its attempts fail no metric tells
 * the number: the events of an average time as long as its oldest record is old. A copier's messages, each of an object,
 * count one event each, since no metric tells more.
 */
function waitingParts(
  { stream }: StreamFacts,
  { name, deliveryStream, metrics, copier }: WatchedDestination,
  { stage, index, periodSeconds }: Reader,
  events: string,
): Part {
  const of = { stage, stream: stream.name, destination: name };
  const reading = { statistic: maximum, periodSeconds } as const;
  const id = (what: string) => `${what}${index}`;
  const queued = 'ApproximateNumberOfMessagesVisible';
  return {
    terms: [
      id('waiting'),
      `IF(${id('done')} < 1, CEIL(${id('held')} / ${periodSeconds} * AVG(FILL(${events}, 0))), 0)`,
      ...(copier === undefined ? [] : [id('queue'), id('dead')]),
    ],
    metrics: {
      [id('waiting')]: destinationMetric('Waiting', of, reading),
      [id('held')]: firehoseMetric(`${metrics}.DataFreshness`, deliveryStream, reading),
      [id('done')]: firehoseMetric(`${metrics}.Success`, deliveryStream, {
        statistic: 'Average',
        periodSeconds,
      }),
      ...(copier && {
        [id('queue')]: queueMetric(queued, copier.queue.queueName, reading),
        [id('dead')]: queueMetric(queued, copier.deadLetters.queueName, reading),
      }),
    },
  };
}

function agesOf(
  { stream }: StreamFacts,
  { name, deliveryStream, metrics, copier }: WatchedDestination,
  { stage, index, periodSeconds }: Reader,
  inFirehose: (fresh: string, success: string) => readonly string[],
): Part {
  const of = { stage, stream: stream.name, destination: name };
  const reading = { statistic: maximum, periodSeconds } as const;
  const id = (what: string) => `${what}${index}`;
  const age = 'ApproximateAgeOfOldestMessage';
  const firehose = inFirehose(id('fresh'), id('success'));
  const asksSuccess = firehose.some((term) => term.includes(id('success')));
  return {
    terms: [id('age'), ...firehose, ...(copier === undefined ? [] : [id('queue'), id('dead')])],
    metrics: {
      [id('age')]: destinationMetric('WaitingAge', of, reading),
      [id('fresh')]: firehoseMetric(`${metrics}.DataFreshness`, deliveryStream, reading),
      ...(asksSuccess && {
        [id('success')]: firehoseMetric(`${metrics}.Success`, deliveryStream, {
          statistic: 'Average',
          periodSeconds,
        }),
      }),
      ...(copier && {
        [id('queue')]: queueMetric(age, copier.queue.queueName, reading),
        [id('dead')]: queueMetric(age, copier.deadLetters.queueName, reading),
      }),
    },
  };
}

/** Every sweep tells it, 0 included. */
function undeliveredOf({ stream }: StreamFacts, { stage, periodSeconds }: Reader): IMetric {
  return collectorMetric(
    'OldestUndelivered',
    { stage, stream: stream.name },
    { statistic: maximum, periodSeconds },
  );
}

/**
 * Has a value in a period only where a sweep has told in it: in a period that has just begun, Firehose's part alone would
 * look like a recovery. CloudWatch takes 2,048 characters of an expression, so that each is of one stream at most.
 *
 * @param told the id of what every sweep tells, among `metrics`
 */
function expression(
  by: 'MAX' | 'SUM',
  { told, first }: { readonly told: string; readonly first: string },
  parts: readonly Part[],
  rest: {
    readonly metrics: Readonly<Record<string, IMetric>>;
    readonly divisor?: number;
    readonly reader: Reader;
  },
): MathExpression {
  const { metrics, divisor = 1, reader } = rest;
  const terms = [first, ...parts.flatMap((part) => part.terms)];
  return new MathExpression({
    expression: `IF(${told} >= 0, ${by}([${terms.join(', ')}]) / ${divisor}, 0)`,
    usingMetrics: Object.assign({}, metrics, ...parts.map((part) => part.metrics)) as Record<string, IMetric>,
    period: Duration.seconds(reader.periodSeconds),
  });
}
