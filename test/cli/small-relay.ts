import { randomUUID } from 'node:crypto';
import {
  accountId,
  type LocalAws,
  type LocalAwsOptions,
  region,
  startAt,
  startLocalAws,
} from '@mosaic-relay/cdk-loopback';
import { type FirehoseHttpReceiver, startFirehoseHttpReceiver } from '@mosaic-relay/siem-receivers';
import { assembleRelay, type FoundFunction } from '../../cli/access/assemble-relay.ts';
import { type Bucket, createBucket } from '../../cli/access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../../cli/access/deployed-relay.ts';
import { foundIn, type LocalDeployment } from '../../cli/access/local-deployment.ts';
import { createS3Journal } from '../../functions/collector/adapters/s3-journal.ts';
import { createS3Quarantine } from '../../functions/collector/adapters/s3-quarantine.ts';
import type { CollectorDestination } from '../../functions/collector/contract.ts';
import type { Journal } from '../../functions/collector/protocol/ports/journal.ts';
import type { Quarantine } from '../../functions/collector/protocol/ports/quarantine.ts';
import type { JournaledBatch } from '../../functions/stored/journaled-batch.ts';
import { toldToCollector } from '../collector-settings.ts';
import { streamTable } from '../contracts/dynamo-subject.ts';

/** One stream `cis` with the destinations `s3` and `siem`, on the local AWS. */
export interface SmallRelay {
  readonly aws: LocalAws;
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly bucket: Bucket;
  readonly journal: Journal;
  readonly quarantine: Quarantine;
  /** What `siem` is delivered to. */
  readonly receiver: FirehoseHttpReceiver;
  /** Journals events of one run, one batch after the other, each when it was collected. */
  collect(batches: readonly (readonly string[])[], facts?: Partial<JournaledBatch>): Promise<void>;
  /** Lets time pass until Firehose has dealt with everything. */
  settle(): Promise<void>;
  /** Lines that arrived, in order. */
  linesAt(destination: 's3' | 'siem'): Promise<readonly string[]>;
  keys(prefix: string): Promise<readonly string[]>;
  /** What a local run would tell of itself. */
  readonly local: LocalDeployment;
  close(): Promise<void>;
}

export const collectedAt = startAt - 3_600_000;

export async function startSmallRelay(
  options: LocalAwsOptions & SmallRelayOptions = {},
): Promise<SmallRelay> {
  let receiver: FirehoseHttpReceiver | undefined;
  let writtenAt: number | undefined;
  const aws = await startLocalAws({
    // Commands wait in real time, while the clock of this account stands still and would fill no room.
    quota: { bytesPerSecond: 2 ** 40, recordsPerSecond: 2 ** 40, requestsPerSecond: 2 ** 40 },
    ...options,
    hostOf: () => receiver?.url ?? 'none',
    writtenAt: () => writtenAt,
  });
  receiver = await startFirehoseHttpReceiver({ clock: aws.clock, packing: 'lines' });
  const name = `relay-${randomUUID().slice(0, 8)}`;
  aws.s3.createBucket(name);
  await aws.dynamoDb.createTable(name, streamTable);
  createDeliveryStreams(aws, name);
  const local: LocalDeployment = {
    version: 1,
    pid: process.pid,
    stage: 'dev',
    stackName: 'mosaic-relay-dev',
    account: accountId,
    table: name,
    bucket: name,
    costAtRest: '14.18',
    functions: [collector(name), ...(options.functions?.(aws, name) ?? [])],
    schedules: [],
    connection: aws.client,
    now: startAt,
  };
  const relay = assembleRelay(foundIn(local, () => aws.clock.now()));
  const bucket = createBucket(relay.clients.s3, name);
  const stream = relay.streams[0]!;
  const place = { client: relay.clients.s3, bucket: name, streamName: stream.name };
  const journal = createS3Journal(place);
  const keys = async (prefix: string) => {
    const found: string[] = [];
    for await (const { key } of bucket.list(prefix)) found.push(key);
    return found;
  };
  return {
    aws,
    relay,
    stream,
    bucket,
    journal,
    quarantine: createS3Quarantine(place),
    receiver,
    async collect(batches, facts = {}) {
      for (const [index, events] of batches.entries()) {
        const batch = batchOf(events, { number: index + 1, ...facts });
        writtenAt = batch.collectedAt;
        await journal.put(batch, new AbortController().signal);
      }
      writtenAt = undefined;
    },
    async settle() {
      const settled = () =>
        ['s3', 'siem'].every((one) => aws.firehose.stats(`${name}-${one}`).bufferedRecords === 0);
      if (!(await aws.clock.runUntil(settled, startAt + 86_400_000))) throw new Error('never settled');
    },
    async linesAt(destination) {
      const lines: string[] = [];
      if (destination === 'siem') await receiver.eachLine((line) => void lines.push(line.toString()));
      else {
        for (const key of await keys('delivered/')) {
          const { body } = await bucket.get(key);
          lines.push(...Buffer.from(body).toString().split('\n').filter(Boolean));
        }
      }
      return lines;
    },
    keys,
    local,
    async close() {
      relay.close();
      await Promise.all([aws.close(), receiver.close()]);
    },
  };
}

export interface SmallRelayOptions {
  /** Beside the collector. */
  readonly functions?: (aws: LocalAws, bucket: string) => readonly FoundFunction[];
}

export function batchOf(events: readonly string[], facts: Partial<JournaledBatch> = {}): JournaledBatch {
  return {
    run: 'run-1',
    startedAt: collectedAt - 1_000,
    number: 1,
    collectedAt,
    stream: 'relay-cis',
    cutOff: false,
    answer: { received: Buffer.from(`[${events.join(',')}]`), encoding: 'identity' },
    ...facts,
  };
}

/** `{"n":0}`, … with a timestamp of their own. */
export function events(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `{"n":${from + index}}`);
}

/** The `n` of each line. */
export function numbersIn(lines: readonly string[]): readonly number[] {
  return lines.map((line) => Number(/"n":(\d+)/.exec(line)?.[1]));
}

function collector(name: string): FoundFunction {
  return {
    name: 'mosaic-relay-dev-cis-collector',
    queueArns: [],
    environment: collectorVariables(name),
    memoryMb: 768,
  };
}

/** What the collector of `cis` is told. @param name of table, bucket and, with what follows, delivery streams */
export function collectorVariables(name: string): Record<string, string> {
  const destination = (one: 's3' | 'siem'): CollectorDestination => ({
    name: one,
    kind: one === 's3' ? 's3' : 'http',
    deliveryStream: `${name}-${one}`,
    format: 'relay-line',
    packing: 'lines',
    quotaMiBPerSecond: 1,
    deliveryMetrics: one === 's3' ? 'DeliveryToS3' : 'DeliveryToHttpEndpoint',
  });
  const settings = toldToCollector({
    mosaicUrl: 'https://api.sbx.transmitsecurity.io',
    table: name,
    bucket: name,
    wireCapMiB: 16,
    destinations: [destination('s3'), destination('siem')],
  });
  return { SETTINGS: JSON.stringify(settings) };
}

/** What the copier of `s3` is told, as if it led to Google. */
export function copierVariables(bucket: string, deadLetterQueueUrl: string): Record<string, string> {
  return {
    STAGE: 'dev',
    STREAM_NAME: 'cis',
    DESTINATION: 's3',
    BUCKET_NAME: bucket,
    DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
    OBJECT_CAP_MIB: '64',
    SINK: 'gcs',
    GCS_URL: 'https://storage.googleapis.com',
    GCS_BUCKET: 'archive',
    GOOGLE_STS_URL: 'https://sts.googleapis.com',
    GOOGLE_AUDIENCE:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/relay',
  };
}

function createDeliveryStreams(aws: LocalAws, name: string): void {
  const RoleARN = `arn:aws:iam::${accountId}:role/delivery`;
  const BucketARN = `arn:aws:s3:::${name}`;
  const BufferingHints = { SizeInMBs: 5, IntervalInSeconds: 60 };
  const arnOf = (one: string) => `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}-${one}`;
  const errors = (one: string) =>
    `backup/cis/${one}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`;
  aws.firehose.createDeliveryStream(`${name}-s3`, arnOf('s3'), {
    ExtendedS3DestinationConfiguration: {
      BucketARN,
      RoleARN,
      BufferingHints,
      Prefix: 'delivered/cis/s3/type=cis/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/',
      ErrorOutputPrefix: errors('s3'),
      CompressionFormat: 'UNCOMPRESSED',
    },
  });
  aws.firehose.createDeliveryStream(`${name}-siem`, arnOf('siem'), {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Name: 'siem', Url: 'https://siem.example.com/' },
      BufferingHints,
      RequestConfiguration: { ContentEncoding: 'NONE' },
      RetryOptions: { DurationInSeconds: 0 },
      S3BackupMode: 'FailedDataOnly',
      S3Configuration: {
        BucketARN,
        RoleARN,
        Prefix: 'backup/cis/siem/everything/',
        ErrorOutputPrefix: errors('siem'),
        CompressionFormat: 'GZIP',
        BufferingHints,
      },
      RoleARN,
    },
  });
}
