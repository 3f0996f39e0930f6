import { z } from 'zod';
import { text } from '../config/fields.ts';
import { ObjectCopier } from '../constructs/object-copier.ts';
import { bufferFields, type CommonSettings, commonFields } from './common-settings.ts';
import { copiedObjects } from './copied-objects.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { compressionFields, packedLines } from './packed-objects.ts';
import { noKnownLimit } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/** Google Cloud Storage, by workload identity federation and without a key. @see docs/gcs.md */
export interface GcsSettings extends CommonSettings, ShapeSettings {
  readonly kind: 'gcs';
  /** Name of the bucket in Google Cloud. */
  readonly bucket: string;
  /** `//iam.googleapis.com/projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>`. */
  readonly provider: string;
  /** Each record is a gzip member of its own, at about a third of the ingestion cost and of the quota; an object is a row of members. `false` leaves it to Firehose to compress an object as a whole. Default true. */
  readonly compressRecords?: boolean;
  /** Firehose writes an object when it holds this many MiB, as it takes the records: compressed unless `compressRecords` is false. 1..64, default 5. */
  readonly bufferMiB?: number;
  /** Firehose writes an object at the latest after so many seconds. 0..900, default 60. */
  readonly bufferSeconds?: number;
}

const storageUrl = 'https://storage.googleapis.com';
const stsUrl = 'https://sts.googleapis.com';

export const gcs: DestinationKind<GcsSettings> = z
  .strictObject({
    kind: z.literal('gcs'),
    ...commonFields,
    ...shapeFields,
    ...bufferFields({ maxMiB: 64, defaultMiB: 5, maxSeconds: 900, defaultSeconds: 60 }),
    ...compressionFields,
    bucket: text(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "a bucket's name"),
    provider: text(
      /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/,
      "'//iam.googleapis.com/projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>'",
    ),
  })
  .transform(
    (settings): Destination => ({
      kind: 'gcs',
      name: settings.name ?? 'gcs',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'relay-line', ...packedLines(settings) },
      clock: noKnownLimit,
      secrets: [],
      receiver: {
        protocol: 'google-storage',
        url: storageUrl,
        bucket: settings.bucket,
        stsUrl,
        audience: settings.provider,
      },
      copied: true,
      create: (scope, props) =>
        copiedObjects(scope, props, {
          bufferMiB: settings.bufferMiB,
          bufferSeconds: settings.bufferSeconds,
          compressRecords: settings.compressRecords,
          trusted: "is the copier's; Google's trust names its beginning alone, without the mark at its end",
          copier: (folder) =>
            new ObjectCopier(scope, 'Copier', {
              destination: props,
              folder,
              sink: {
                SINK: 'gcs',
                GCS_URL: storageUrl,
                GCS_BUCKET: settings.bucket,
                GOOGLE_STS_URL: stsUrl,
                GOOGLE_AUDIENCE: settings.provider,
              },
              statements: [],
            }),
        }),
    }),
  )
  .meta({
    examples: [
      {
        kind: 'gcs',
        bucket: 'example-mosaic-events',
        provider:
          '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
      } satisfies GcsSettings,
    ],
  });
