import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  accountId,
  type LocalAws,
  type LocalAwsOptions,
  region,
  startAt,
  startLocalAws,
} from '../../../aws/local-aws.ts';

/** One delivery stream in front of one receiver, with a bucket behind it. */
export interface DeliveryBench {
  readonly aws: LocalAws;
  create(properties: object): void;
  put(...records: readonly string[]): Promise<void>;
  /** Lets time pass until every record is settled, a day at most. */
  settle(): Promise<void>;
  /** Lines of backup objects, by key, parsed where they are error records. */
  backup(): Promise<readonly BackupObject[]>;
  /** Virtual time since the start. */
  readonly elapsedMs: number;
}

export interface BackupObject {
  readonly key: string;
  readonly text: string;
  readonly lines: readonly Record<string, unknown>[];
}

export const stream = 'relay-bench';
export const streamArn = `arn:aws:firehose:${region}:${accountId}:deliverystream/${stream}`;
export const deliveryRole = `arn:aws:iam::${accountId}:role/delivery`;

/** Where failures are kept; both prefixes, as Firehose's documentation asks for. */
export const backupBucket = {
  BucketARN: 'arn:aws:s3:::backup',
  RoleARN: deliveryRole,
  Prefix: 'all/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/',
  CompressionFormat: 'GZIP',
};

/** @param kind the CloudFormation property of the destination */
export async function startDeliveryBench(kind: string, options: LocalAwsOptions): Promise<DeliveryBench> {
  const aws = await startLocalAws(options);
  aws.s3.createBucket('backup');
  return {
    aws,
    create(properties) {
      aws.firehose.createDeliveryStream(stream, streamArn, { [kind]: properties });
    },
    async put(...records) {
      const Records = records.map((record) => ({ Data: Buffer.from(record) }));
      const client = new FirehoseClient(aws.client);
      await client.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }));
    },
    async settle() {
      const settled = () => aws.firehose.stats(stream).bufferedRecords === 0;
      if (!(await aws.clock.runUntil(settled, startAt + 86_400_000)))
        throw new Error('Records were never settled.');
    },
    async backup() {
      const s3 = new S3Client(aws.client);
      const list = await s3.send(new ListObjectsV2Command({ Bucket: 'backup' }));
      const keys = (list.Contents ?? []).map((object) => object.Key!);
      return Promise.all(keys.map((key) => readBackup(s3, key)));
    },
    get elapsedMs() {
      return aws.clock.now() - startAt;
    },
  };
}

async function readBackup(s3: S3Client, key: string): Promise<BackupObject> {
  const got = await s3.send(new GetObjectCommand({ Bucket: 'backup', Key: key }));
  const text = gunzipSync(await got.Body!.transformToByteArray()).toString();
  const isErrors = key.startsWith('errors/');
  const lines = isErrors ? text.trimEnd().split('\n') : [];
  return { key, text, lines: lines.map((line) => JSON.parse(line)) };
}
