import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { backupDestinationFolder, readBackupKey } from '../../functions/stored/backup-key.ts';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { isWrittenBy } from '../../functions/stored/delivery-stream-name.ts';
import type { KeptDelivery } from '../../functions/stored/kept-delivery.ts';
import { createDeliveryLogs } from '../../functions/stream-lifecycle/adapters/delivery-logs.ts';
import { s3RetryMs } from '../../functions/stream-lifecycle/contract.ts';
import type { WriteFailure } from '../../functions/stream-lifecycle/ports.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { signedCall } from '../access/signed-call.ts';
import type { KeptStream } from './find-kept.ts';
import { holdsOf, type KeptFacts } from './judge-kept.ts';
import { findCopier, type KeptCopier } from './kept-copier.ts';
import { isWatched, readNote } from './kept-note.ts';

/** What a kept delivery stream and its copier still hold. */
export interface KeptState extends KeptStream, KeptFacts {
  readonly copier?: KeptCopier;
  /** Why it cannot be deleted; nothing where it is empty. */
  readonly holds: readonly string[];
}

export async function readKeptState(relay: DeployedRelay, kept: KeptStream): Promise<KeptState> {
  const copier = await findCopier(relay, kept);
  const { clients } = relay;
  const note = await readNote(relay, kept);
  const failing = kept.gone ? undefined : await firstFailure(relay, kept, note);
  const facts = {
    ...(kept.gone ? {} : await readMetrics(relay, kept)),
    queued: await depthOf(clients.sqs, copier?.queueUrl),
    deadLetters: await depthOf(clients.sqs, copier?.deadLetterUrl),
    givenUp: await countGivenUp(relay, kept),
    ...(copier === undefined
      ? { untold: 0, transit: [], outlived: 0, watched: true }
      : await readTransit(relay, kept, note)),
    ...(failing === undefined ? {} : { failing }),
  };
  return { ...kept, copier, ...facts, holds: holdsOf({ ...kept, ...facts }, relay.now()) };
}

/** As the hourly look of the stage asks; without a note the removal is of a moment that nobody knows. */
async function firstFailure(
  { connection, now }: DeployedRelay,
  { logGroup }: KeptStream,
  note: KeptDelivery | undefined,
): Promise<WriteFailure | undefined> {
  if (logGroup === undefined) return undefined;
  const logs = createDeliveryLogs({
    region: async () => connection.region,
    post: (call) => signedCall(call, connection),
    sleep: (ms) => wait(ms),
  });
  return logs.firstFailure(logGroup, Math.max(note?.removedAt ?? 0, now() - s3RetryMs));
}

const hourMs = 3_600_000;
/** Hourly values are kept for longer; whatever is older than these days is idle. */
const lookBackMs = 15 * 24 * hourMs;

async function readMetrics(
  { connection, now }: DeployedRelay,
  { deliveryStream, metrics }: KeptStream,
): Promise<Pick<KeptState, 'idleSince' | 'freshnessSeconds'>> {
  const client = new CloudWatchClient(connection);
  const query = (Id: string, [MetricName, Stat]: readonly [string, string]) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Firehose',
        MetricName,
        Dimensions: [{ Name: 'DeliveryStreamName', Value: deliveryStream }],
      },
      Period: 3_600,
      Stat,
    },
  });
  const until = Math.ceil(now() / hourMs) * hourMs;
  try {
    const { MetricDataResults: results = [] } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          query('incoming', ['IncomingRecords', 'Sum']),
          query('fresh', [`${metrics}.DataFreshness`, 'Maximum']),
        ],
        StartTime: new Date(until - lookBackMs),
        EndTime: new Date(until),
        ScanBy: 'TimestampDescending',
      }),
    );
    const valuesOf = (id: string) => {
      const { Timestamps: times = [], Values: values = [] } = results.find(({ Id }) => Id === id) ?? {};
      return times.map((time, index) => ({ time: time.getTime(), value: values[index] ?? 0 }));
    };
    const put = valuesOf('incoming').find(({ value }) => value > 0);
    const fresh = valuesOf('fresh').find(({ time }) => time >= until - 2 * hourMs);
    return {
      // A value is of an hour: the records may have come at its end.
      ...(put === undefined ? {} : { idleSince: Math.min(now(), put.time + hourMs) }),
      ...(fresh === undefined ? {} : { freshnessSeconds: fresh.value }),
    };
  } finally {
    client.destroy();
  }
}

/** The messages of a queue, visible or not. @returns 0 for a queue that is not there */
export async function depthOf(sqs: SQSClient, url: string | undefined): Promise<number> {
  if (url === undefined) return 0;
  const counts = ['', 'Delayed', 'NotVisible'].map((sort) => `ApproximateNumberOfMessages${sort}` as const);
  try {
    const { Attributes: found = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesDelayed',
          'ApproximateNumberOfMessagesNotVisible',
        ],
      }),
    );
    return counts.reduce((sum, name) => sum + Number((found as Record<string, string>)[name] ?? 0), 0);
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return 0;
    throw error;
  }
}

async function countGivenUp({ clients, bucket }: DeployedRelay, kept: KeptStream): Promise<number> {
  let count = 0;
  for await (const { key } of createBucket(clients.s3, bucket).list(backupDestinationFolder(kept)))
    if (isWrittenBy(kept.deliveryStream, key) && readBackupKey(key)?.isCopy === false) count += 1;
  return count;
}

/**
 * The copier's queues keep a message for 14 days from when it was first sent. An hour less, for clocks and listings.
 * @see SQS developer guide, "Message retention period"
 */
const queueKeepsMs = 14 * 24 * hourMs - hourMs;

/** Without a note no object counts as told or untold. */
async function readTransit(
  relay: DeployedRelay,
  kept: KeptStream,
  note: KeptDelivery | undefined,
): Promise<Pick<KeptState, 'untold' | 'transit' | 'outlived' | 'watched'>> {
  const { clients, bucket } = relay;
  const transit: string[] = [];
  let untold = 0;
  let outlived = 0;
  for await (const { key, modifiedAt } of createBucket(clients.s3, bucket).list(
    deliveredDestinationFolder(kept),
  )) {
    if (!isWrittenBy(kept.deliveryStream, key)) continue;
    if (relay.now() - modifiedAt < queueKeepsMs) transit.push(key);
    else outlived += 1;
    if (isWatched(note) && modifiedAt > note.toldUntil) untold += 1;
  }
  return { transit, outlived, untold, watched: isWatched(note) };
}
