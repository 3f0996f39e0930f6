import { z } from 'zod/mini';
import type { CreateDestination } from '../firehose-destination.ts';
import { parsePrefix } from '../prefix.ts';
import {
  bufferingHints,
  bufferingOf,
  flag,
  integer,
  loggingOptions,
  noProcessing,
  parseProperties,
  roleArn,
} from '../properties.ts';
import { createS3Objects } from '../s3-objects.ts';

/**
 * S3: records end to end, with nothing between them. What S3 refuses for 24 hours is lost.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-kinesisfirehose-deliverystream-extendeds3destinationconfiguration.html
 */
export const createExtendedS3: CreateDestination = (given, context) => {
  const properties = parseProperties('ExtendedS3DestinationConfiguration', schema, given);
  const prefix = parsePrefix(properties.Prefix ?? '');
  refuseErrorPrefix(prefix.hasExpression, prefix.hasErrorType, properties.ErrorOutputPrefix);
  const compressed = properties.CompressionFormat === 'GZIP';
  const objects = createS3Objects(
    {
      bucketArn: properties.BucketARN,
      roleArn: properties.RoleARN,
      compressed,
      fileExtension: properties.FileExtension ?? (compressed ? '.gz' : ''),
    },
    context,
  );
  return {
    buffering: bufferingOf(properties.BufferingHints, { mib: 5, seconds: 300 }),
    description: { ExtendedS3DestinationDescription: { ...properties } },
    async deliver(buffer, pause) {
      const body = Buffer.concat(buffer.records.map((record) => record.data));
      const { records, since } = buffer;
      const object = { prefix, errorType: '', since, body, recordCount: records.length };
      const written = await objects.write({ ...object, metrics: 'DeliveryToS3' }, pause);
      buffer.settle(written ? 'delivered' : 'lost', records);
    },
    close: () => objects.close(),
  };
};

const schema = z.strictObject({
  BucketARN: z.string().check(z.regex(/^arn:aws:s3:::[a-z0-9][a-z0-9.-]+$/)),
  RoleARN: roleArn,
  BufferingHints: bufferingHints(128, [0, 900]),
  CloudWatchLoggingOptions: loggingOptions,
  CompressionFormat: z.optional(z.enum(['UNCOMPRESSED', 'GZIP'])),
  CustomTimeZone: z.optional(z.literal('UTC')),
  DynamicPartitioningConfiguration: z.optional(z.strictObject({ Enabled: z.literal(false) })),
  EncryptionConfiguration: z.optional(
    z.strictObject({
      KMSEncryptionConfig: z.optional(z.strictObject({ AWSKMSKeyARN: z.string() })),
      NoEncryptionConfig: z.optional(z.literal('NoEncryption')),
    }),
  ),
  ErrorOutputPrefix: z.optional(z.string().check(z.maxLength(1024))),
  FileExtension: z.optional(z.string().check(z.regex(/^\.[0-9a-z!\-_.*'()]+$/), z.maxLength(128))),
  Prefix: z.optional(z.string().check(z.maxLength(1024))),
  ProcessingConfiguration: noProcessing,
  S3BackupMode: z.optional(z.literal('Disabled')),
  RetryOptions: z.optional(z.strictObject({ DurationInSeconds: integer(0, 7200) })),
  DataFormatConversionConfiguration: z.optional(z.strictObject({ Enabled: z.pipe(flag, z.literal(false)) })),
});

/** Firehose's own rules for the pair of prefixes. */
function refuseErrorPrefix(hasExpression: boolean, hasErrorType: boolean, errors: string | undefined): void {
  if (hasErrorType) throw new Error('!{firehose:error-output-type} belongs in ErrorOutputPrefix only.');
  if (errors === undefined) {
    if (hasExpression) throw new Error('A Prefix with expressions needs an ErrorOutputPrefix.');
    return;
  }
  const { hasExpression: expressive, hasErrorType: typed } = parsePrefix(errors);
  if (expressive && !typed) throw new Error('ErrorOutputPrefix lacks !{firehose:error-output-type}.');
}
