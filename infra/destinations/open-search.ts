import * as iam from 'aws-cdk-lib/aws-iam';
import { z } from 'zod';
import { oneOf, text } from '../config/fields.ts';
import { bufferFields, type CommonSettings, commonFields } from './common-settings.ts';
import { besideRefusals } from './cross-check.ts';
import { type BackupSettings, backupConfiguration, backupFields } from './delivery-backup.ts';
import { type DeliveryMeans, deliveryMeans, deliveryStream } from './delivery-stream.ts';
import type { Destination, DestinationKind, DestinationProps } from './destination-kind.ts';
import { noKnownLimit } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/**
 * An OpenSearch domain of this account, by `domain`, or a serverless collection, by `collection` and
 * `collectionEndpoint`. Its own access policy must let the delivery stream's role write: the stack's outputs name it.
 */
export interface OpenSearchSettings extends CommonSettings, BackupSettings, ShapeSettings {
  readonly kind: 'openSearch';
  /** ARN of a domain. Not together with `collection`. */
  readonly domain?: string;
  /** ARN of a serverless collection, instead of `domain`. */
  readonly collection?: string;
  /** URL of that collection. Not together with `domain`. */
  readonly collectionEndpoint?: string;
  /** Index that events go to; of a domain, the beginning of its name where the index rotates. */
  readonly index: string;
  /** How often a domain's index rotates: `never`, `hour`, `day`, `week` or `month`. Default `day`. */
  readonly rotate?: keyof typeof rotations;
  /** Firehose delivers when it holds this many MiB. 1..100, default 5. */
  readonly bufferMiB?: number;
  /** Firehose delivers at the latest after so many seconds. 0..900, default 60. */
  readonly bufferSeconds?: number;
}

const rotations = {
  never: 'NoRotation',
  hour: 'OneHour',
  day: 'OneDay',
  week: 'OneWeek',
  month: 'OneMonth',
} as const;

const fields = z.strictObject({
  kind: z.literal('openSearch'),
  ...commonFields,
  ...shapeFields,
  ...backupFields,
  ...bufferFields({ maxMiB: 100, defaultMiB: 5, maxSeconds: 900, defaultSeconds: 60 }),
  domain: text(
    /^arn:aws[a-z-]*:es:[a-z0-9-]+:\d{12}:domain\/[a-z][a-z0-9-]{2,27}$/,
    'the ARN of a domain',
  ).optional(),
  collection: text(
    /^arn:aws[a-z-]*:aoss:[a-z0-9-]+:\d{12}:collection\/[a-z0-9]{3,40}$/,
    'the ARN of a serverless collection',
  ).optional(),
  collectionEndpoint: text(
    /^https:\/\/[a-z0-9.-]+$/,
    "the collection's URL, https and host alone",
  ).optional(),
  index: text(/^[a-z0-9][a-z0-9_-]{0,79}$/, 'an index of lower-case letters, digits, _ and -'),
  rotate: oneOf(['never', 'hour', 'day', 'week', 'month']).optional(),
});
type Settings = z.output<typeof fields>;

export const openSearch: DestinationKind<OpenSearchSettings> = fields
  .superRefine((settings, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { domain, collection, collectionEndpoint, rotate } = settings;
    if (domain === undefined && collection === undefined)
      wrong('domain', 'is missing; give it or collection');
    if (domain !== undefined && collection !== undefined)
      wrong('collection', 'stands beside domain; give one');
    if ((collection === undefined) !== (collectionEndpoint === undefined)) {
      wrong('collectionEndpoint', 'goes with collection: give both or neither');
    }
    if (domain === undefined && rotate !== undefined) {
      wrong('rotate', 'has no meaning for a serverless collection; take it out');
    }
  }, besideRefusals)
  .transform(
    (settings): Destination => ({
      kind: 'openSearch',
      name: settings.name ?? 'openSearch',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'open-search-document', packing: 'single' },
      clock: noKnownLimit,
      secrets: [],
      places: placesOf(settings),
      receiver: {
        protocol: 'open-search',
        domain: settings.domain,
        url: settings.collectionEndpoint,
        index:
          settings.rotate === 'never' || settings.domain === undefined
            ? settings.index
            : `${settings.index}-2026`,
      },
      create: (scope, props) => {
        const means = deliveryMeans(scope, props, { statements: [mayWrite(settings)], ownBucket: false });
        const delivering = deliveryStream(scope, props, { means, ...configuration(settings, props, means) });
        return {
          ...delivering,
          trustedRole: {
            role: means.role.roleArn,
            use: "goes into the domain's or collection's access policy",
          },
        };
      },
    }),
  )
  .meta({
    examples: [
      {
        kind: 'openSearch',
        domain: 'arn:aws:es:eu-west-1:111122223333:domain/mosaic',
        index: 'mosaic',
      } satisfies OpenSearchSettings,
    ],
  });

function placesOf({ domain, collection }: Settings) {
  return Object.entries({ domain, collection }).flatMap(([path, arn]) =>
    arn === undefined ? [] : [{ path, arn }],
  );
}

function configuration(settings: Settings, props: DestinationProps, means: DeliveryMeans) {
  const common = {
    indexName: settings.index,
    roleArn: means.role.roleArn,
    bufferingHints: { sizeInMBs: settings.bufferMiB, intervalInSeconds: settings.bufferSeconds },
    retryOptions: { durationInSeconds: settings.retrySeconds },
    s3BackupMode: settings.backup === 'failures' ? 'FailedDocumentsOnly' : 'AllDocuments',
    s3Configuration: backupConfiguration(props, means),
    cloudWatchLoggingOptions: means.logging,
  };
  if (settings.domain === undefined) {
    return {
      amazonOpenSearchServerlessDestinationConfiguration: {
        ...common,
        collectionEndpoint: settings.collectionEndpoint,
      },
    };
  }
  return {
    amazonopensearchserviceDestinationConfiguration: {
      ...common,
      domainArn: settings.domain,
      indexRotationPeriod: rotations[settings.rotate ?? 'day'],
      // One id through all of Firehose's own retries, so that they do not make copies.
      documentIdOptions: { defaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
    },
  };
}

/** Writing to a domain's indexes needs wildcards, and is granted by its own access policy. */
function mayWrite({ domain, collection }: Settings): iam.PolicyStatement {
  return domain === undefined
    ? new iam.PolicyStatement({ actions: ['aoss:APIAccessAll'], resources: [String(collection)] })
    : new iam.PolicyStatement({
        actions: ['es:DescribeDomain', 'es:DescribeDomainConfig', 'es:DescribeDomains'],
        resources: [domain],
      });
}
