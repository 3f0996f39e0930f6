import { Aws, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { z } from 'zod';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { dataPrefix, errorFolders } from '../../functions/stored/hourly-prefix.ts';
import { bucketActions } from '../config/bucket-access.ts';
import { text } from '../config/fields.ts';
import { bufferFields, type CommonSettings, commonFields } from './common-settings.ts';
import { besideRefusals } from './cross-check.ts';
import { errorPrefix } from './delivery-backup.ts';
import { deliveryMeans, deliveryStream } from './delivery-stream.ts';
import type { Destination, DestinationKind, DestinationProps } from './destination-kind.ts';
import { compressionFields, gzippedObjects, packedLines } from './packed-objects.ts';
import { noKnownLimit } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/** Gzipped newline-delimited JSON in S3, by event type, day and hour. */
export interface S3Settings extends CommonSettings, ShapeSettings {
  readonly kind: 's3';
  /**
   * Name or ARN of a bucket that exists already, in the stage's region. A bucket of another account must let the delivery
   * stream's role in by its own policy, which `relay doctor` prints. Default: the relay's own bucket.
   */
  readonly bucket?: string;
  /** ARN of the customer-managed key of `bucket`. Default: the bucket has none. */
  readonly bucketKey?: string;
  /** Folder in the bucket, without a slash at its ends. Default `delivered/<stream>/<destination>`, which needs the relay's own bucket. */
  readonly prefix?: string;
  /** Each record is a gzip member of its own, at about a third of the ingestion cost and of the quota; an object is a row of members. `false` leaves it to Firehose to compress an object as a whole. Default true. */
  readonly compressRecords?: boolean;
  /** Firehose delivers when it holds this many MiB, as it takes the records: compressed unless `compressRecords` is false. 1..128, default 64. */
  readonly bufferMiB?: number;
  /** Firehose delivers at the latest after so many seconds. 0..900, default 60. */
  readonly bufferSeconds?: number;
}

export const s3: DestinationKind<S3Settings> = z
  .strictObject({
    kind: z.literal('s3'),
    ...commonFields,
    ...shapeFields,
    ...bufferFields({ maxMiB: 128, defaultMiB: 64, maxSeconds: 900, defaultSeconds: 60 }),
    bucket: text(
      /^(arn:aws[a-z-]*:s3:::)?[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "a bucket's name, 3 to 63 characters, or its ARN",
    ).optional(),
    bucketKey: text(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
      "a key's ARN, not an alias",
    ).optional(),
    prefix: text(
      /^(?!\/)[A-Za-z0-9/_.=-]{1,200}(?<!\/)$/,
      'a folder of letters, digits and /_.=-, without a slash at its ends',
    ).optional(),
    ...compressionFields,
  })
  .superRefine(({ bucket, bucketKey, prefix }, context) => {
    if (bucket !== undefined) return;
    if (bucketKey !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['bucketKey'],
        message: 'has no meaning without bucket; take it out',
      });
    }
    if (prefix !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['prefix'],
        message: "has no meaning without bucket: the relay's own bucket has folders of its own; take it out",
      });
    }
  }, besideRefusals)
  .transform(
    (settings): Destination => ({
      kind: 's3',
      name: settings.name ?? 's3',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: {
        format: 'relay-line',
        ...packedLines(settings),
      },
      clock: noKnownLimit,
      secrets: [],
      places: placesOf(settings),
      receiver:
        settings.bucket === undefined
          ? { protocol: 'unprobed', why: "the relay's own bucket comes with the deploy" }
          : { protocol: 's3-bucket', bucket: nameOfBucket(settings.bucket) },
      archives: settings.bucket === undefined,
      create: (scope, props) => {
        const means = deliveryMeans(scope, props, {
          statements: ownBucket(settings, props),
          ownBucket: settings.bucket === undefined,
        });
        acknowledgeFolder(means.role, settings, props);
        const delivering = deliveryStream(scope, props, {
          means,
          extendedS3DestinationConfiguration: {
            bucketArn: bucketArn(settings, props),
            roleArn: means.role.roleArn,
            prefix: dataPrefix(folder(settings, props), props.stream.type),
            errorOutputPrefix: settings.bucket === undefined ? errorPrefix(props) : errorsIn(settings, props),
            ...gzippedObjects(settings),
            bufferingHints: { sizeInMBs: settings.bufferMiB, intervalInSeconds: settings.bufferSeconds },
            cloudWatchLoggingOptions: means.logging,
          },
        });
        return settings.bucket === undefined
          ? delivering
          : {
              ...delivering,
              trustedRole: {
                role: means.role.roleArn,
                use: "goes into the bucket's policy where it is another account's",
              },
            };
      },
    }),
  )
  .meta({ examples: [{ kind: 's3' } satisfies S3Settings] });

interface Place {
  readonly bucket?: string;
  readonly bucketKey?: string;
  readonly prefix?: string;
}

/** Says to the rule pack why the role names a folder with a wildcard at its end. */
function acknowledgeFolder(role: iam.Role, place: Place, props: DestinationProps): void {
  if (place.bucket === undefined) return;
  const arn = arnOfBucket(place.bucket).replace(Aws.PARTITION, '<AWS::Partition>');
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${arn}/${folder(place, props)}*]`,
    reason: "A folder of the role alone in a bucket that is not the relay's.",
  });
}

function bucketArn({ bucket }: Place, props: DestinationProps): string {
  return bucket === undefined ? props.bucket.bucketArn : arnOfBucket(bucket);
}

function arnOfBucket(bucket: string): string {
  return bucket.startsWith('arn:') ? bucket : `arn:${Aws.PARTITION}:s3:::${bucket}`;
}

function nameOfBucket(bucket: string): string {
  return bucket.slice(bucket.lastIndexOf(':') + 1);
}

function placesOf({ bucket, bucketKey }: Place) {
  return Object.entries({ bucket, bucketKey }).flatMap(([path, arn]) =>
    arn?.startsWith('arn:') ? [{ path, arn }] : [],
  );
}

function folder({ bucket, prefix }: Place, { stream, destination }: DestinationProps): string {
  const own = deliveredDestinationFolder({ streamName: stream.name, destination });
  return bucket === undefined || prefix === undefined ? own : `${prefix}/`;
}

/** Firehose writes both to one bucket. */
function errorsIn(place: Place, props: DestinationProps): string {
  return `${folder(place, props)}errors/${errorFolders}`;
}

/**
 * What the role may do with a bucket of the settings. In the stage's account that is enough; a bucket of another account
 * must let the role in besides, by its own policy. Firehose gives such a bucket's owner full control, by an ACL.
 *
 * @see Firehose developer guide, "Cross-account delivery to an Amazon S3 destination"
 */
function ownBucket(place: Place, props: DestinationProps): iam.PolicyStatement[] {
  const { bucket, bucketKey } = place;
  if (bucket === undefined) return [];
  const statements = [
    new iam.PolicyStatement({ actions: bucketActions.bucket, resources: [arnOfBucket(bucket)] }),
    new iam.PolicyStatement({
      actions: bucketActions.objects,
      resources: [`${arnOfBucket(bucket)}/${folder(place, props)}*`],
    }),
  ];
  if (bucketKey !== undefined) {
    statements.push(
      new iam.PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [bucketKey],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
      }),
    );
  }
  return statements;
}
