import { z } from 'zod/mini';
import { createBackup, type FailedRecord, s3Configuration } from '../backup.ts';
import type {
  CreateDestination,
  DestinationContext,
  FirehoseDestination,
  StoredRecord,
} from '../firehose-destination.ts';
import { createHttpAttempts } from '../http-attempt.ts';
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
import { type BulkTarget, createBulk } from './open-search-bulk.ts';
import { indexName, rotationPeriods } from './open-search-index.ts';

/**
 * Amazon OpenSearch Service: one document a record.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-kinesisfirehose-deliverystream-amazonopensearchservicedestinationconfiguration.html
 */
export const createOpenSearch: CreateDestination = (given, context) => {
  const properties = parseProperties('AmazonopensearchserviceDestinationConfiguration', managed, given);
  return create(context, {
    ...properties,
    base: context.hostOf(domainOf(properties)),
    service: 'es',
    errorType: 'AmazonOpenSearchService-failed',
    rotation: properties.IndexRotationPeriod ?? 'OneDay',
    stableIds: properties.DocumentIdOptions?.DefaultDocumentIdFormat !== 'NO_DOCUMENT_ID',
    memberPrefix: 'es',
  });
};

/** Amazon OpenSearch Serverless: the same, signed for another service, and with no rotation of indexes. */
export const createOpenSearchServerless: CreateDestination = (given, context) => {
  const properties = parseProperties('AmazonOpenSearchServerlessDestinationConfiguration', serverless, given);
  return create(context, {
    ...properties,
    base: context.hostOf(new URL(properties.CollectionEndpoint).origin),
    service: 'aoss',
    errorType: 'AmazonOpenSearchServerless-failed',
    rotation: 'NoRotation',
    stableIds: false,
    memberPrefix: 'os',
  });
};

const shared = {
  BufferingHints: bufferingHints(100, [0, 900]),
  CloudWatchLoggingOptions: loggingOptions,
  IndexName: z
    .string()
    .check(z.minLength(1), z.maxLength(80), z.regex(/^[^A-Z\\/*?"<>|,# _+-][^A-Z\\/*?"<>|,# ]*$/)),
  ProcessingConfiguration: noProcessing,
  RetryOptions: z.optional(z.strictObject({ DurationInSeconds: integer(0, 7200) })),
  RoleARN: roleArn,
  S3BackupMode: z.optional(z.enum(['FailedDocumentsOnly', 'AllDocuments'])),
  S3Configuration: s3Configuration,
};
const httpsOrigin = z.string().check(z.regex(/^https:\/\/[^/@?#]+\/?$/));

const managed = z.strictObject({
  ...shared,
  ClusterEndpoint: z.optional(httpsOrigin),
  DomainARN: z.optional(z.string().check(z.regex(/^arn:aws[\w-]*:es:[^:]+:\d{12}:domain\/[a-z0-9-]+$/))),
  IndexRotationPeriod: z.optional(z.enum(rotationPeriods)),
  DocumentIdOptions: z.optional(
    z.strictObject({ DefaultDocumentIdFormat: z.enum(['FIREHOSE_DEFAULT', 'NO_DOCUMENT_ID']) }),
  ),
  TypeName: z.optional(z.literal('')),
});
const serverless = z.strictObject({ ...shared, CollectionEndpoint: httpsOrigin });

type OpenSearchSettings = Omit<BulkTarget, 'roleArn'> &
  Pick<z.infer<typeof managed>, keyof typeof shared> & {
    readonly errorType: string;
    readonly rotation: (typeof rotationPeriods)[number];
    readonly memberPrefix: 'es' | 'os';
  };

const largestAnswerBytes = 64 * 1024 * 1024;
/** Only AWS knows the endpoint behind a domain's ARN, so that the table of hosts has the ARN itself. */
function domainOf({ ClusterEndpoint, DomainARN }: z.infer<typeof managed>): string {
  if ((ClusterEndpoint === undefined) === (DomainARN === undefined)) {
    throw new Error('OpenSearch needs either a ClusterEndpoint or a DomainARN.');
  }
  return DomainARN ?? new URL(String(ClusterEndpoint)).origin;
}

const metrics = 'DeliveryToAmazonOpenSearchService';

function create(context: DestinationContext, settings: OpenSearchSettings): FirehoseDestination {
  const { clock, random, metric } = context;
  const attempts = createHttpAttempts({ graceMs: context.answerGraceMs, largestAnswerBytes });
  const bulk = createBulk({ ...settings, roleArn: settings.RoleARN }, { context, attempts });
  const durationMs = (settings.RetryOptions?.DurationInSeconds ?? 300) * 1000;
  const backup = createBackup(
    {
      properties: settings.S3Configuration,
      errorType: settings.errorType,
      everything: settings.S3BackupMode === 'AllDocuments',
      metrics: 'DeliveryToS3',
    },
    context,
  );
  const membersOf = (record: StoredRecord, index: string) => ({
    [`${settings.memberPrefix}DocumentId`]: record.id,
    [`${settings.memberPrefix}IndexName`]: index,
    [`${settings.memberPrefix}TypeName`]: '',
  });

  return {
    buffering: bufferingOf(settings.BufferingHints, { mib: 5, seconds: 300 }),
    description: {
      AmazonopensearchserviceDestinationDescription: {
        IndexName: settings.IndexName,
        CloudWatchLoggingOptions: settings.CloudWatchLoggingOptions,
        S3DestinationDescription: settings.S3Configuration,
      },
    },
    async deliver({ records, since, settle }, pause) {
      await backup.keepAll(records, pause);
      let open = records;
      const failed: FailedRecord[] = [];
      const index = indexName(settings.IndexName, settings.rotation, since);
      const refuse = (refused: readonly StoredRecord[], failure: Failure, tries: number) => {
        for (const record of refused) {
          failed.push({ record, failure, attempts: tries, members: membersOf(record, index) });
        }
      };
      let tries = 0;
      const end = await tryFor({ durationMs, clock, random, pause }, async () => {
        tries += 1;
        const result = await bulk.write(open, index, pause);
        settle('delivered', result.taken);
        for (const { record, failure } of result.refused) refuse([record], failure, tries);
        open = result.open;
        metric(`${metrics}.Success`, result.failure ? 0 : 1);
        metric(`${metrics}.DataFreshness`, (clock.now() - since) / 1000);
        metric(`${metrics}.Records`, result.taken.length);
        if (result.failure) context.report(result.failure.code, result.failure.message);
        return result.failure;
      });
      if (end.failure) refuse(open, end.failure, end.attempts);
      if (failed.length === 0) return;
      const kept = await backup.keepFailed(failed, pause);
      settle(
        kept ? 'backed-up' : 'lost',
        failed.map(({ record }) => record),
      );
    },
    close() {
      attempts.close();
      backup.close();
    },
  };
}
