import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod/mini';
import { createBackup, s3Configuration } from '../backup.ts';
import type { CreateDestination, StoredRecord } from '../firehose-destination.ts';
import { createHttpAttempts } from '../http-attempt.ts';
import type { Pause } from '../paced.ts';
import {
  bufferingHints,
  bufferingOf,
  integer,
  loggingOptions,
  noProcessing,
  parseProperties,
  roleArn,
} from '../properties.ts';
import { type Failure, tryFor } from '../retry.ts';
import { createSecretValue, secretConfiguration } from '../secret-value.ts';
import { judgeHttpAnswer } from './http-endpoint-answer.ts';

/**
 * An HTTPS endpoint that speaks Firehose's protocol: Datadog's, New Relic's and others', or one's own.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
export const createHttpEndpoint: CreateDestination = (given, context) => {
  const { clock, random } = context;
  const properties = parseProperties('HttpEndpointDestinationConfiguration', schema, given);
  const url = localUrl(properties.EndpointConfiguration.Url, context.hostOf);
  const secret = secretOf(properties);
  const key = secret && createSecretValue({ ...secret, field: 'api_key' }, context);
  const gzipped = properties.RequestConfiguration?.ContentEncoding === 'GZIP';
  const fixedHeaders = headersOf(context.arn, properties.RequestConfiguration?.CommonAttributes ?? []);
  const durationMs = (properties.RetryOptions?.DurationInSeconds ?? 300) * 1000;
  const attempts = createHttpAttempts({ graceMs: context.answerGraceMs, largestAnswerBytes });
  const backup = createBackup(
    {
      properties: properties.S3Configuration,
      errorType: 'http-endpoint-failed',
      everything: properties.S3BackupMode === 'AllData',
      metrics: 'BackupToS3',
    },
    context,
  );

  const send = async (records: readonly StoredRecord[], requestId: string, pause: Pause) => {
    const accessKey = await key?.read().catch(asFailure);
    if (typeof accessKey === 'object') return accessKey;
    const text = requestBody(records, requestId, clock.now());
    const headers = {
      ...fixedHeaders,
      'X-Amz-Firehose-Request-Id': requestId,
      ...(accessKey !== undefined && { 'X-Amz-Firehose-Access-Key': accessKey }),
      ...(gzipped && { 'Content-Encoding': 'gzip' }),
    };
    const body = gzipped ? await compress(text) : Buffer.from(text);
    const outcome = await attempts.send({ method: 'POST', url, headers, body, timeoutMs: answerMs }, pause);
    const failure = judgeHttpAnswer(outcome, requestId);
    context.metric('DeliveryToHttpEndpoint.Success', failure ? 0 : 1);
    if (failure) context.report(failure.code, failure.message);
    return failure;
  };

  return {
    buffering: bufferingOf(properties.BufferingHints, { mib: 5, seconds: 300 }),
    description: {
      HttpEndpointDestinationDescription: {
        EndpointConfiguration: { Url: url },
        SecretsManagerConfiguration: properties.SecretsManagerConfiguration,
        CloudWatchLoggingOptions: properties.CloudWatchLoggingOptions,
        S3DestinationDescription: properties.S3Configuration,
      },
    },
    async deliver(buffer, pause) {
      await backup.keepAll(buffer.records, pause);
      for (let start = 0; start < buffer.records.length; start += mostRecords) {
        const records = buffer.records.slice(start, start + mostRecords);
        let requestId = random.uuid();
        const end = await tryFor({ durationMs, clock, random, pause }, async () => {
          if (context.faults.changeRequestId?.(context.name)) requestId = random.uuid();
          const failure = await send(records, requestId, pause);
          context.metric('DeliveryToHttpEndpoint.DataFreshness', (clock.now() - buffer.since) / 1000);
          return failure;
        });
        const { failure } = end;
        if (!failure) {
          context.metric('DeliveryToHttpEndpoint.Records', records.length);
          buffer.settle('delivered', records);
          continue;
        }
        // The protocol's 413 is final, and such a batch is not even sent to the error bucket.
        const kept =
          !failure.permanent &&
          (await backup.keepFailed(
            records.map((record) => ({
              record,
              failure,
              attempts: end.attempts,
              members: membersOf(record),
            })),
            pause,
          ));
        buffer.settle(kept ? 'backed-up' : 'lost', records);
      }
    },
    close() {
      attempts.close();
      backup.close();
      key?.close();
    },
  };
};

const mostRecords = 10_000;
const answerMs = 180_000;
const compress = promisify(gzip);

const largestAnswerBytes = 1024 * 1024;

const schema = z.strictObject({
  BufferingHints: bufferingHints(64, [0, 900]),
  CloudWatchLoggingOptions: loggingOptions,
  EndpointConfiguration: z.strictObject({
    Name: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
    /** Always on port 443, by Firehose's rule. */
    Url: z.string().check(z.maxLength(1000), z.regex(/^https:\/\/[^/:@?#]+(:443)?([/?]|$)/)),
  }),
  ProcessingConfiguration: noProcessing,
  RequestConfiguration: z.optional(
    z.strictObject({
      ContentEncoding: z.optional(z.enum(['NONE', 'GZIP'])),
      CommonAttributes: z.optional(
        z
          .array(
            z.strictObject({
              AttributeName: z.string().check(z.minLength(1), z.maxLength(256)),
              AttributeValue: z.string().check(z.maxLength(1024)),
            }),
          )
          .check(z.maxLength(50)),
      ),
    }),
  ),
  RetryOptions: z.optional(z.strictObject({ DurationInSeconds: integer(0, 7200) })),
  RoleARN: z.optional(roleArn),
  S3BackupMode: z.optional(z.enum(['FailedDataOnly', 'AllData'])),
  S3Configuration: s3Configuration,
  SecretsManagerConfiguration: z.optional(secretConfiguration),
});

function localUrl(url: string, hostOf: (origin: string) => string): string {
  const { origin, pathname, search } = new URL(url);
  return `${hostOf(origin)}${pathname}${search}`;
}

function secretOf({ SecretsManagerConfiguration: secret, RoleARN, S3Configuration }: z.infer<typeof schema>) {
  if (!secret) return undefined;
  return { secretArn: secret.SecretARN, roleArn: secret.RoleARN ?? RoleARN ?? S3Configuration.RoleARN };
}

function headersOf(
  arn: string,
  attributes: readonly { readonly AttributeName: string; readonly AttributeValue: string }[],
): Record<string, string> {
  const commonAttributes = Object.fromEntries(
    attributes.map(({ AttributeName, AttributeValue }) => [AttributeName, AttributeValue]),
  );
  return {
    'Content-Type': 'application/json',
    'X-Amz-Firehose-Protocol-Version': '1.0',
    'X-Amz-Firehose-Source-Arn': arn,
    ...(attributes.length > 0 && {
      'X-Amz-Firehose-Common-Attributes': JSON.stringify({ commonAttributes }),
    }),
  };
}

function requestBody(records: readonly StoredRecord[], requestId: string, timestamp: number): string {
  const encoded = records.map((record) => ({ data: record.data.toString('base64') }));
  return JSON.stringify({ requestId, timestamp, records: encoded });
}

function asFailure(error: Error): Failure {
  return { code: 'HttpEndpoint.SecretUnavailable', message: error.message };
}

function membersOf({ id }: StoredRecord): Readonly<Record<string, unknown>> {
  return { subsequenceNumber: 0, dataId: `${id}.0` };
}
