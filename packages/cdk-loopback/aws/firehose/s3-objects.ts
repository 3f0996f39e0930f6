import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { DestinationContext } from './firehose-destination.ts';
import type { Pause } from './paced.ts';
import { formatTime, type Prefix } from './prefix.ts';

/** Writes objects for a delivery stream, named as Firehose names them. */
export interface S3Objects {
  /** @returns false when 24 hours of retries did not help: the data is lost */
  write(object: S3Object, pause: Pause): Promise<boolean>;
  close(): void;
}

export interface S3Object {
  readonly prefix: Prefix;
  /** `splunk-failed` and the like, where the prefix asks for it. */
  readonly errorType: string;
  /** When the oldest of its records arrived. */
  readonly since: number;
  readonly body: Buffer;
  /** The prefix of its metrics: `DeliveryToS3` or `BackupToS3`. */
  readonly metrics: 'DeliveryToS3' | 'BackupToS3';
  readonly recordCount: number;
}

export interface S3Location {
  readonly bucketArn: string;
  readonly roleArn: string;
  readonly compressed: boolean;
  /** With its dot; none when empty. */
  readonly fileExtension: string;
}

/** Firehose keeps data for 24 hours. How it spaces its tries is not documented; this does it as SDKs do. */
const retentionMs = 24 * 3_600_000;
const firstDelayMs = 5_000;
const longestDelayMs = 300_000;

/** How hard Firehose compresses is not documented; here it is the least, since that costs time alone. */
const compress = promisify(gzip);

/** @see https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html */
export function createS3Objects(location: S3Location, context: DestinationContext): S3Objects {
  const bucket = location.bucketArn.slice('arn:aws:s3:::'.length);
  const client = new S3Client({
    endpoint: context.gatewayUrl,
    region: context.region,
    credentials: context.credentialsOf(location.roleArn),
    maxAttempts: 1,
  });

  const put = async (Key: string, Body: Buffer): Promise<string | undefined> => {
    try {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
      return undefined;
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };

  return {
    async write(object, pause) {
      const { clock } = context;
      const key = objectKey(object, location.fileExtension, context);
      const body = location.compressed
        ? await compress(object.body, { level: constants.Z_BEST_SPEED })
        : object.body;
      for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
        const problem = await put(key, body);
        context.metric(`${object.metrics}.Success`, problem === undefined ? 1 : 0);
        context.metric(`${object.metrics}.DataFreshness`, Math.max(0, clock.now() - object.since) / 1000);
        if (problem === undefined) {
          context.metric(`${object.metrics}.Records`, object.recordCount);
          context.metric(`${object.metrics}.Bytes`, body.length);
          return true;
        }
        context.report('S3.PutFailed', `${bucket}/${key}: ${problem}`);
        if (clock.now() + delayMs > object.since + retentionMs) return false;
        await pause(delayMs);
      }
    },
    close: () => client.destroy(),
  };
}

function objectKey(object: S3Object, extension: string, context: DestinationContext): string {
  const { since, errorType } = object;
  const prefix = object.prefix.evaluate({ time: since, errorType, random: () => context.random.word(11) });
  const time = formatTime('yyyy-MM-dd-HH-mm-ss', since);
  return `${prefix}${context.name}-${context.version}-${time}-${context.random.uuid()}${extension}`;
}
