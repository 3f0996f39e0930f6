import { z } from 'zod/mini';
import type { DestinationContext, StoredRecord } from './firehose-destination.ts';
import type { Pause } from './paced.ts';
import { parsePrefix } from './prefix.ts';
import { bufferingHints, loggingOptions, roleArn } from './properties.ts';
import type { Failure } from './retry.ts';
import { createS3Objects } from './s3-objects.ts';

/** The S3 bucket behind a destination that is not S3. */
export interface Backup {
  /** A copy of everything, where the backup mode asks for one; else nothing. */
  keepAll(records: readonly StoredRecord[], pause: Pause): Promise<void>;
  /** Backs up records that the destination did not take, as error records. @returns false if they are lost after 24 hours */
  keepFailed(failed: readonly FailedRecord[], pause: Pause): Promise<boolean>;
  close(): void;
}

export interface FailedRecord {
  readonly record: StoredRecord;
  readonly failure: Failure;
  readonly attempts: number;
  /** Members that this kind of destination adds, such as `EventId`. */
  readonly members: Readonly<Record<string, unknown>>;
}

export const s3Configuration = z.strictObject({
  BucketARN: z.string().check(z.regex(/^arn:aws:s3:::[a-z0-9][a-z0-9.-]+$/)),
  RoleARN: roleArn,
  BufferingHints: bufferingHints(128, [0, 900]),
  CloudWatchLoggingOptions: loggingOptions,
  CompressionFormat: z.optional(z.enum(['UNCOMPRESSED', 'GZIP'])),
  EncryptionConfiguration: z.optional(
    z.strictObject({
      KMSEncryptionConfig: z.optional(z.strictObject({ AWSKMSKeyARN: z.string() })),
      NoEncryptionConfig: z.optional(z.literal('NoEncryption')),
    }),
  ),
  ErrorOutputPrefix: z.optional(z.string().check(z.maxLength(1024))),
  Prefix: z.optional(z.string().check(z.maxLength(1024))),
});

export interface BackupOptions {
  readonly properties: z.infer<typeof s3Configuration>;
  /** `splunk-failed`, `http-endpoint-failed`, … */
  readonly errorType: string;
  readonly everything: boolean;
  /** What the metrics of the backup begin with. */
  readonly metrics: 'BackupToS3' | 'DeliveryToS3';
}

/**
 * Writes one object for each failed buffer, without waiting for the bucket's own buffering hints.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html "data delivery failure handling"
 */
export function createBackup(
  { properties, errorType, everything, metrics }: BackupOptions,
  context: DestinationContext,
): Backup {
  const compressed = properties.CompressionFormat === 'GZIP';
  const objects = createS3Objects(
    {
      bucketArn: properties.BucketARN,
      roleArn: properties.RoleARN,
      compressed,
      fileExtension: compressed ? '.gz' : '',
    },
    context,
  );
  const prefix = parsePrefix(properties.Prefix ?? '');
  const errorPrefix = parsePrefix(errorPrefixOf(properties.ErrorOutputPrefix ?? properties.Prefix ?? ''));

  return {
    async keepAll(records, pause) {
      if (!everything) return;
      const body = Buffer.concat(records.map((record) => record.data));
      const object = { prefix, errorType, body, since: oldest(records), recordCount: records.length };
      await objects.write({ ...object, metrics }, pause);
    },
    async keepFailed(failed, pause) {
      const body = Buffer.from(failed.map((one) => `${errorRecord(one, context.clock.now())}\n`).join(''));
      const since = oldest(failed.map(({ record }) => record));
      const object = { prefix: errorPrefix, errorType, body, since, recordCount: failed.length };
      return objects.write({ ...object, metrics }, pause);
    },
    close: () => objects.close(),
  };
}

/** A prefix that does not say the type of error gets it added. */
function errorPrefixOf(text: string): string {
  return parsePrefix(text).hasErrorType ? text : `${text}!{firehose:error-output-type}/`;
}

function oldest(records: readonly StoredRecord[]): number {
  return records.reduce((least, record) => Math.min(least, record.arrivedAt), Number.POSITIVE_INFINITY);
}

function errorRecord({ record, failure, attempts, members }: FailedRecord, now: number): string {
  return JSON.stringify({
    attemptsMade: attempts,
    arrivalTimestamp: record.arrivedAt,
    errorCode: failure.code,
    errorMessage: failure.message,
    attemptEndingTimestamp: now,
    rawData: record.data.toString('base64'),
    ...members,
  });
}
