import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { metricNamespace } from '../../functions/metric-namespace.ts';
import type { CopierMetric } from '../../functions/object-copier/contract.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';

/** What Firehose, and the copier where there is one, tell of a destination. Nothing is sent to it. */
export interface DeliveryFacts {
  /** False where these credentials may not read metrics. */
  readonly metricsRead: boolean;
  /** When Firehose last told of an attempt, milliseconds since the epoch; absent where it has not in three hours. */
  readonly toldAt?: number;
  /**
   * The share of attempts that succeeded, 0..1, when it last told within the last hour; 1 also where attempts failed at
   * first, and all that it held was delivered within the same minute.
   */
  readonly deliverySuccess?: number;
  /** True if Firehose delivered in the minute of `toldAt` all that had been put until the end of that minute. */
  readonly drained?: boolean;
  /** Age of the oldest record that Firehose held then, milliseconds; where attempts fail, over all minutes that told of a failure alone. */
  readonly freshnessMs?: number;
  /** Copies in the last hour that the receiver refused for good: a credential, a permission or a name is wrong. */
  readonly copiesRefused: number;
  /** Messages to the copier, each of one object; 0 where Firehose delivers by itself. */
  readonly queued: number;
  readonly deadLetters: number;
  /** Age of the oldest message in the queue, milliseconds. */
  readonly queueAgeMs?: number;
}

export interface Deliveries {
  /** @returns by the destination's name */
  of(stream: Pick<DeployedStream, 'name' | 'destinations'>): Promise<ReadonlyMap<string, DeliveryFacts>>;
  close(): void;
}

/** Firehose and SQS tell each minute, and what was put after the last told delivery may still be held. */
const periodSeconds = 60;
export const lookBackMs = 3 * 3_600_000;
const hourMs = 3_600_000;

/** Reads Firehose's metrics and the copiers' queues. */
export function openDeliveries(
  relay: Pick<DeployedRelay, 'connection' | 'stage' | 'now' | 'clients'>,
): Deliveries {
  const cloudWatch = new CloudWatchClient({
    ...relay.connection,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
  });
  return {
    async of(stream) {
      // A witness is journaled and has no destination.
      if (stream.destinations.length === 0) return new Map();
      const metrics = await readMetrics(cloudWatch, stream, relay);
      const facts = stream.destinations.map(async (destination) => {
        const queues = await readQueues(relay, destination);
        const told = metrics?.get(destination.name);
        return [
          destination.name,
          { metricsRead: metrics !== undefined, copiesRefused: 0, ...told, ...queues },
        ] as const;
      });
      return new Map(await Promise.all(facts));
    },
    close: () => cloudWatch.destroy(),
  };
}

type MetricFacts = Pick<
  DeliveryFacts,
  'toldAt' | 'deliverySuccess' | 'drained' | 'freshnessMs' | 'copiesRefused' | 'queueAgeMs'
>;

/**
 * Reads the metrics.
 *
 * @returns undefined where CloudWatch does not let these credentials read, which must not hide everything else
 */
async function readMetrics(
  client: CloudWatchClient,
  { name: stream, destinations }: Pick<DeployedStream, 'name' | 'destinations'>,
  { stage, now: clock }: Pick<DeployedRelay, 'stage' | 'now'>,
): Promise<ReadonlyMap<string, MetricFacts> | undefined> {
  const now = clock();
  const queries = destinations.flatMap((destination, index) => [
    ofFirehose(`success${index}`, destination, { metric: 'Success', stat: 'Average' }),
    ofFirehose(`fresh${index}`, destination, { metric: 'DataFreshness', stat: 'Maximum' }),
    ofFirehose(`records${index}`, destination, { metric: 'Records', stat: 'Sum' }),
    putToFirehose(`put${index}`, destination),
    ...(destination.copier === undefined
      ? []
      : [
          ofCopier(`refused${index}`, { Stage: stage, Stream: stream, Destination: destination.name }),
          ofQueue(`age${index}`, destination.copier.queueArn.split(':').at(-1) ?? ''),
        ]),
  ]);
  const found = new Map<string, readonly Figure[]>();
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(Math.floor((now - lookBackMs) / 60_000) * 60_000),
        EndTime: new Date(Math.ceil(now / 60_000) * 60_000),
        ScanBy: 'TimestampDescending',
      }),
    );
    for (const { Id = '', Values = [], Timestamps = [] } of MetricDataResults)
      found.set(
        Id,
        Values.map((value, index) => [Timestamps[index]?.getTime() ?? 0, value] as const),
      );
  } catch (error) {
    if (error instanceof Error && /AccessDenied/.test(error.name)) return undefined;
    throw error;
  }
  const within = (id: string) =>
    (found.get(id) ?? []).filter(([at]) => at > now - hourMs - periodSeconds * 1_000);
  return new Map(
    destinations.map(({ name }, index) => {
      const [last] = found.get(`success${index}`) ?? [];
      const [success] = within(`success${index}`);
      const [fresh] = within(`fresh${index}`);
      const [age] = within(`age${index}`);
      const series = (id: string) => found.get(`${id}${index}`) ?? [];
      const drained = last !== undefined && isDrained(last[0], series, now);
      return [
        name,
        {
          ...(last && { toldAt: last[0] }),
          ...(success && { deliverySuccess: drained ? 1 : success[1], drained }),
          ...(fresh && { freshnessMs: heldMs(series) ?? fresh[1] * 1_000 }),
          ...(age && { queueAgeMs: age[1] * 1_000 }),
          copiesRefused: within(`refused${index}`).reduce((sum, [, value]) => sum + value, 0),
        },
      ];
    }),
  );
}

/**
 * How old the oldest record is that attempts failed for, in milliseconds at the newest minute that told of one. Each buffer is tried
 * again at times of its own and tells the age of its own oldest record, so that the newest minute may tell of a young buffer:
 * the earliest record of all minutes since one without a failure counts.
 *
 * @returns undefined where the newest minute told of no failure
 */
function heldMs(series: (id: string) => readonly Figure[]): number | undefined {
  const seconds = new Map(series('fresh'));
  const success = series('success');
  const failing = success.slice(0, firstWhole(success));
  const since = failing.flatMap(([at]) => {
    const age = seconds.get(at);
    return age === undefined ? [] : [at - age * 1_000];
  });
  return since.length === 0 ? undefined : failing[0]![0] - Math.min(...since);
}

/** The place of the newest minute in which every attempt succeeded; after the last where there is none. */
function firstWhole(success: readonly Figure[]): number {
  const place = success.findIndex(([, share]) => share >= 1);
  return place === -1 ? success.length : place;
}

/** A minute's start, in ms since the epoch, and the figure of that minute. */
type Figure = readonly [at: number, value: number];

/**
 * True if Firehose delivered in a minute at least as many records as were put to it until the end of that minute, counted
 * from the oldest record that it held in that minute: then it held none of them any more. A minute's average of `Success`
 * cannot tell a failure before the delivery from one after it.
 */
function isDrained(minute: number, series: (id: string) => readonly Figure[], now: number): boolean {
  const valueAt = (id: string) => series(id).find(([at]) => at === minute)?.[1];
  const [records, freshSeconds] = [valueAt('records'), valueAt('fresh')];
  if (records === undefined || freshSeconds === undefined) return false;
  const since = Math.floor((minute - freshSeconds * 1_000) / 60_000) * 60_000;
  if (since < now - lookBackMs) return false;
  const put = series('put').filter(([at]) => at >= since && at <= minute);
  return put.length > 0 && records >= put.reduce((sum, [, value]) => sum + value, 0);
}

function ofFirehose(
  id: string,
  { deliveryMetrics, deliveryStream }: Pick<DeployedDestination, 'deliveryMetrics' | 'deliveryStream'>,
  { metric, stat }: { readonly metric: string; readonly stat: string },
): MetricDataQuery {
  const dimensions = { DeliveryStreamName: deliveryStream };
  return query(id, { namespace: 'AWS/Firehose', metric: `${deliveryMetrics}.${metric}`, stat, dimensions });
}

function putToFirehose(
  id: string,
  { deliveryStream }: Pick<DeployedDestination, 'deliveryStream'>,
): MetricDataQuery {
  const dimensions = { DeliveryStreamName: deliveryStream };
  return query(id, { namespace: 'AWS/Firehose', metric: 'IncomingRecords', stat: 'Sum', dimensions });
}

function ofCopier(id: string, dimensions: Readonly<Record<string, string>>): MetricDataQuery {
  const metric = 'CopiesRefused' satisfies CopierMetric;
  return query(id, { namespace: metricNamespace, metric, stat: 'Sum', dimensions });
}

function ofQueue(id: string, queueName: string): MetricDataQuery {
  const metric = 'ApproximateAgeOfOldestMessage';
  return query(id, { namespace: 'AWS/SQS', metric, stat: 'Maximum', dimensions: { QueueName: queueName } });
}

function query(id: string, { namespace, metric, stat, dimensions }: Wanted): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: stat,
    },
  };
}

interface Wanted {
  readonly namespace: string;
  readonly metric: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const depths = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

async function readQueues(
  { clients }: Pick<DeployedRelay, 'clients'>,
  { copier }: DeployedDestination,
): Promise<Pick<DeliveryFacts, 'queued' | 'deadLetters'>> {
  if (copier === undefined) return { queued: 0, deadLetters: 0 };
  const deadLetterUrl = copier.environment.DEAD_LETTER_QUEUE_URL;
  const queueUrl = `${deadLetterUrl.slice(0, deadLetterUrl.lastIndexOf('/') + 1)}${copier.queueArn.split(':').at(-1)}`;
  const [queued = 0, deadLetters = 0] = await Promise.all(
    [queueUrl, deadLetterUrl].map(async (QueueUrl) => {
      const { Attributes = {} } = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...depths] }),
      );
      // A message that somebody works on, or that a replay reads, is still there.
      return depths.reduce((sum, depth) => sum + Number(Attributes[depth] ?? 0), 0);
    }),
  );
  return { queued, deadLetters };
}
