import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { metricNamespace } from '../../functions/metric-namespace.ts';
import type { CopierMetric } from '../../functions/object-copier/contract.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';

/** The health of a destination, as it can be known without sending to the destination. */
export interface DestinationHealth {
  readonly name: string;
  readonly kind: string;
  /** `failing` outranks `behind`; `quiet` if Firehose has emitted no metric in the last hour. */
  readonly verdict: 'ok' | 'behind' | 'failing' | 'quiet' | 'unknown';
  /** Batches of open runs that the destination lacks. */
  readonly owedBatches: number;
  /** Firehose's own rate of success, 0..1, over the last minutes with a metric; absent without one. */
  readonly deliverySuccess?: number;
  /** Age of the oldest record that Firehose holds for it, seconds. */
  readonly freshnessSeconds?: number;
  /** Set where an object copier delivers: waiting messages, and messages that were given up. */
  readonly queued?: number;
  readonly deadLetters?: number;
  /** Copies in the last hour that the receiver refused for good: a credential, a permission or a name is wrong. */
  readonly copiesRefused?: number;
}

export interface Health {
  of(
    stream: Pick<DeployedStream, 'name' | 'destinations'>,
    owed: ReadonlyMap<string, number>,
  ): Promise<readonly DestinationHealth[]>;
  close(): void;
}

const periodSeconds = 300;
const lookBackMs = 3_600_000;
/** Above Firehose's longest buffer of 900 s and one retry: a record that waits longer is behind. */
const staleSeconds = 1_800;
/** A copier delivers within seconds, so a longer queue has a cause to look for. */
const longQueue = 100;

/** Reads Firehose's metrics and the copiers' queues. */
export function openHealth(relay: Pick<DeployedRelay, 'connection' | 'stage' | 'now' | 'clients'>): Health {
  const cloudWatch = new CloudWatchClient({
    ...relay.connection,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
  });
  return {
    async of(stream, owed) {
      // A witness is journaled and has no destination.
      if (stream.destinations.length === 0) return [];
      const metrics = await readMetrics(cloudWatch, stream, relay);
      return Promise.all(
        stream.destinations.map(async (destination) => {
          const known = metrics?.get(destination.name);
          const queues = await readQueues(relay, destination);
          const facts = { owedBatches: owed.get(destination.name) ?? 0, ...known, ...queues };
          return {
            name: destination.name,
            kind: destination.kind,
            verdict: verdictOf(facts, metrics !== undefined),
            ...facts,
          };
        }),
      );
    },
    close: () => cloudWatch.destroy(),
  };
}

type Facts = Omit<DestinationHealth, 'name' | 'kind' | 'verdict'>;

function verdictOf(facts: Facts, metricsRead: boolean): DestinationHealth['verdict'] {
  const { deliverySuccess, freshnessSeconds = 0, owedBatches, queued = 0 } = facts;
  const { deadLetters = 0, copiesRefused = 0 } = facts;
  if ((deliverySuccess ?? 1) < 1 || deadLetters > 0 || copiesRefused > 0) return 'failing';
  if (owedBatches > 0 || freshnessSeconds > staleSeconds || queued > longQueue) return 'behind';
  if (!metricsRead) return 'unknown';
  return deliverySuccess === undefined ? 'quiet' : 'ok';
}

type DeliveryFacts = Pick<DestinationHealth, 'deliverySuccess' | 'freshnessSeconds' | 'copiesRefused'>;

/**
 * Reads the metrics.
 *
 * @returns undefined where CloudWatch does not let these credentials read, which must not hide everything else
 */
async function readMetrics(
  client: CloudWatchClient,
  { name: stream, destinations }: Pick<DeployedStream, 'name' | 'destinations'>,
  relay: Pick<DeployedRelay, 'stage' | 'now'>,
): Promise<ReadonlyMap<string, DeliveryFacts> | undefined> {
  const now = relay.now();
  const queries = destinations.flatMap((destination, index) => [
    query(`success${index}`, destination, { metric: 'Success', stat: 'Average' }),
    query(`fresh${index}`, destination, { metric: 'DataFreshness', stat: 'Maximum' }),
  ]);
  const copying = destinations.flatMap(({ name, copier }, index) =>
    copier === undefined
      ? []
      : [refusals(`refused${index}`, { Stage: relay.stage, Stream: stream, Destination: name })],
  );
  const found = new Map<string, readonly number[]>();
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [...queries, ...copying],
        StartTime: new Date(Math.floor((now - lookBackMs) / 60_000) * 60_000),
        EndTime: new Date(Math.ceil(now / 60_000) * 60_000),
        ScanBy: 'TimestampDescending',
      }),
    );
    for (const { Id = '', Values = [] } of MetricDataResults) found.set(Id, Values);
  } catch (error) {
    if (error instanceof Error && /AccessDenied/.test(error.name)) return undefined;
    throw error;
  }
  const latest = (id: string) => found.get(id)?.[0];
  return new Map(
    destinations.map(({ name }, index) => [
      name,
      {
        deliverySuccess: latest(`success${index}`),
        freshnessSeconds: latest(`fresh${index}`),
        copiesRefused: found.get(`refused${index}`)?.reduce((sum, value) => sum + value, 0),
      },
    ]),
  );
}

function query(
  id: string,
  { deliveryMetrics, deliveryStream }: Pick<DeployedDestination, 'deliveryMetrics' | 'deliveryStream'>,
  wanted: { readonly metric: string; readonly stat: string },
): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Firehose',
        MetricName: `${deliveryMetrics}.${wanted.metric}`,
        Dimensions: [{ Name: 'DeliveryStreamName', Value: deliveryStream }],
      },
      Period: periodSeconds,
      Stat: wanted.stat,
    },
  };
}

function refusals(id: string, dimensions: Readonly<Record<string, string>>): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: metricNamespace,
        MetricName: 'CopiesRefused' satisfies CopierMetric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: 'Sum',
    },
  };
}

async function readQueues(
  { clients }: Pick<DeployedRelay, 'clients'>,
  { copier }: DeployedDestination,
): Promise<Pick<DestinationHealth, 'queued' | 'deadLetters'>> {
  if (copier === undefined) return {};
  const deadLetterUrl = copier.environment.DEAD_LETTER_QUEUE_URL;
  const queueUrl = `${deadLetterUrl.slice(0, deadLetterUrl.lastIndexOf('/') + 1)}${copier.queueArn.split(':').at(-1)}`;
  const [queued, deadLetters] = await Promise.all(
    [queueUrl, deadLetterUrl].map(async (QueueUrl) => {
      const { Attributes } = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    }),
  );
  return { queued, deadLetters };
}
