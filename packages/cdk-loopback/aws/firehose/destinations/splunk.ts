import { z } from 'zod/mini';
import { createBackup, s3Configuration } from '../backup.ts';
import type { CreateDestination, StoredRecord } from '../firehose-destination.ts';
import { createHttpAttempts } from '../http-attempt.ts';
import {
  bufferingHints,
  bufferingOf,
  integer,
  loggingOptions,
  noProcessing,
  parseProperties,
} from '../properties.ts';
import { type Failure, tryFor } from '../retry.ts';
import { createSecretValue, secretConfiguration } from '../secret-value.ts';
import { createHecChannel } from './splunk-channel.ts';

/**
 * Splunk's HTTP Event Collector, with indexer acknowledgement. Records go end to end, as Splunk's batches have it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-kinesisfirehose-deliverystream-splunkdestinationconfiguration.html
 */
export const createSplunk: CreateDestination = (given, context) => {
  const { clock, random, metric } = context;
  const properties = parseProperties('SplunkDestinationConfiguration', schema, given);
  const { SecretsManagerConfiguration: secret, S3Configuration } = properties;
  const token = createSecretValue(
    { secretArn: secret.SecretARN, roleArn: secret.RoleARN, field: 'hec_token' },
    context,
  );
  const attempts = createHttpAttempts({ graceMs: context.answerGraceMs, largestAnswerBytes });
  const base = context.hostOf(new URL(properties.HECEndpoint).origin);
  const channel = createHecChannel({
    base,
    endpoint: properties.HECEndpointType === 'Event' ? 'event' : 'raw',
    ackTimeoutMs: (properties.HECAcknowledgmentTimeoutInSeconds ?? 180) * 1000,
    id: random.uuid(),
    attempts,
    clock,
  });
  const durationMs = (properties.RetryOptions?.DurationInSeconds ?? 300) * 1000;
  const everything = properties.S3BackupMode === 'AllEvents';
  const backup = createBackup(
    { properties: S3Configuration, errorType: 'splunk-failed', everything, metrics: 'BackupToS3' },
    context,
  );

  return {
    buffering: bufferingOf(properties.BufferingHints, { mib: 5, seconds: 60 }),
    description: {
      SplunkDestinationDescription: {
        // Where this account reaches it, as in functions' environments.
        HECEndpoint: base,
        SecretsManagerConfiguration: properties.SecretsManagerConfiguration,
        CloudWatchLoggingOptions: properties.CloudWatchLoggingOptions,
        S3DestinationDescription: S3Configuration,
      },
    },
    async deliver({ records, since, settle }, pause) {
      await backup.keepAll(records, pause);
      const body = Buffer.concat(records.map((record) => record.data));
      const end = await tryFor({ durationMs, clock, random, pause }, async () => {
        const read = await token.read().catch(asFailure);
        const failure = typeof read === 'string' ? await channel.send(body, read, pause) : read;
        metric('DeliveryToSplunk.Success', failure ? 0 : 1);
        metric('DeliveryToSplunk.DataFreshness', (clock.now() - since) / 1000);
        if (failure) context.report(failure.code, failure.message);
        return failure;
      });
      const { failure } = end;
      if (!failure) {
        metric('DeliveryToSplunk.Records', records.length);
        metric('DeliveryToSplunk.Bytes', body.length);
        settle('delivered', records);
        return;
      }
      const failed = records.map((record) => ({
        record,
        failure,
        attempts: end.attempts,
        members: membersOf(record),
      }));
      settle((await backup.keepFailed(failed, pause)) ? 'backed-up' : 'lost', records);
    },
    close() {
      attempts.close();
      backup.close();
      token.close();
    },
  };
};

const largestAnswerBytes = 1024 * 1024;

const schema = z.strictObject({
  BufferingHints: bufferingHints(5, [0, 60]),
  CloudWatchLoggingOptions: loggingOptions,
  HECAcknowledgmentTimeoutInSeconds: z.optional(integer(180, 600)),
  /** Scheme, host and port alone: Firehose adds the path. */
  HECEndpoint: z.string().check(z.regex(/^https:\/\/[^/@?#]+\/?$/)),
  HECEndpointType: z.enum(['Raw', 'Event']),
  ProcessingConfiguration: noProcessing,
  RetryOptions: z.optional(z.strictObject({ DurationInSeconds: integer(0, 7200) })),
  S3BackupMode: z.optional(z.enum(['FailedEventsOnly', 'AllEvents'])),
  S3Configuration: s3Configuration,
  /** For Splunk its role is required. */
  SecretsManagerConfiguration: z.strictObject({
    ...secretConfiguration.shape,
    RoleARN: secretConfiguration.shape.RoleARN.def.innerType,
  }),
});

function asFailure(error: Error): Failure {
  return { code: 'Splunk.SecretUnavailable', message: error.message };
}

function membersOf({ id }: StoredRecord): Readonly<Record<string, unknown>> {
  return { EventId: `${id}.0` };
}
