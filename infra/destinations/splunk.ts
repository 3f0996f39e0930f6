import { z } from 'zod';
import { text, wholeNumber } from '../config/fields.ts';
import { bufferFields, type CommonSettings, commonFields } from './common-settings.ts';
import { type BackupSettings, backupConfiguration, backupFields } from './delivery-backup.ts';
import {
  exampleSecret,
  mayReadSecret,
  secretField,
  secretKeyField,
  secretsManager,
  secretsOf,
} from './delivery-secret.ts';
import { deliveryMeans, deliveryStream } from './delivery-stream.ts';
import type { Destination, DestinationKind } from './destination-kind.ts';
import { noKnownLimit } from './receiver-clock.ts';
import { type ShapeSettings, shapeFields } from './shape-settings.ts';

/** Splunk's HTTP Event Collector, its `event` endpoint. @see docs/splunk.md */
export interface SplunkSettings extends CommonSettings, BackupSettings, ShapeSettings {
  readonly kind: 'splunk';
  /** The collector's base URL, such as `https://http-inputs-firehose-acme.splunkcloud.com:443`. Firehose adds the path. */
  readonly endpoint: string;
  /** Complete ARN of the secret `{"hec_token": "…"}`, in the stage's region. The token needs indexer acknowledgement. */
  readonly secret: string;
  /** ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`. */
  readonly secretKey?: string;
  /** Index that events go to; it must be among those that the token allows. Default: the token's own. */
  readonly index?: string;
  /** Splunk's `host`. Default: `mosaic-` and the stage's name. */
  readonly host?: string;
  /** Splunk's `source`. Default: what `docs/splunk.md` says. */
  readonly source?: string;
  /** Splunk's `sourcetype`. Default: what `docs/splunk.md` says. */
  readonly sourcetype?: string;
  /** How long an indexer may take to acknowledge, seconds. 180..600, default 300. */
  readonly ackTimeoutSeconds?: number;
  /** Firehose delivers when it holds this many MiB. 1..5, default 1: many collectors take no larger request. */
  readonly bufferMiB?: number;
  /** Firehose delivers at the latest after so many seconds. 0..60, default 60. */
  readonly bufferSeconds?: number;
}

const word = text(/^[^\s"\\]{1,200}$/, 'a word without spaces');

export const splunk: DestinationKind<SplunkSettings> = z
  .strictObject({
    kind: z.literal('splunk'),
    ...commonFields,
    ...shapeFields,
    ...backupFields,
    ...bufferFields({ maxMiB: 5, defaultMiB: 1, maxSeconds: 60, defaultSeconds: 60 }),
    endpoint: text(
      /^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/,
      "https, host and port alone, such as 'https://hec.example.com:8088': Firehose adds the path",
    ),
    secret: secretField,
    secretKey: secretKeyField,
    index: text(/^[a-z0-9_][a-z0-9_-]{0,79}$/, 'an index of lower-case letters, digits, _ and -').optional(),
    host: word.optional(),
    source: word.optional(),
    sourcetype: word.optional(),
    ackTimeoutSeconds: wholeNumber(180, 600).default(300),
  })
  .transform(
    (settings): Destination => ({
      kind: 'splunk',
      name: settings.name ?? 'splunk',
      quotaMiBPerSecond: settings.quotaMiBPerSecond,
      collector: { format: 'splunk-envelope', formatOptions: formatOptions(settings), packing: 'lines' },
      clock: noKnownLimit,
      needs: ['timestamp', 'activity'],
      secrets: secretsOf(settings),
      receiver: {
        protocol: 'splunk-hec',
        endpoint: settings.endpoint,
        secretId: settings.secret,
        index: settings.index,
      },
      create: (scope, props) => {
        const means = deliveryMeans(scope, props, {
          statements: mayReadSecret(settings),
          ownBucket: false,
        });
        return deliveryStream(scope, props, {
          means,
          splunkDestinationConfiguration: {
            hecEndpoint: settings.endpoint,
            // The collector writes the envelope; bare lines would need props.conf at the customer's.
            hecEndpointType: 'Event',
            hecAcknowledgmentTimeoutInSeconds: settings.ackTimeoutSeconds,
            secretsManagerConfiguration: secretsManager(settings.secret, means),
            bufferingHints: { sizeInMBs: settings.bufferMiB, intervalInSeconds: settings.bufferSeconds },
            retryOptions: { durationInSeconds: settings.retrySeconds },
            s3BackupMode: settings.backup === 'failures' ? 'FailedEventsOnly' : 'AllEvents',
            s3Configuration: backupConfiguration(props, means),
            cloudWatchLoggingOptions: means.logging,
          },
        });
      },
    }),
  )
  .meta({
    examples: [
      {
        kind: 'splunk',
        endpoint: 'https://example.splunkcloud.com:443',
        secret: exampleSecret('splunk'),
      } satisfies SplunkSettings,
    ],
  });

function formatOptions(settings: {
  readonly index?: string;
  readonly host?: string;
  readonly source?: string;
  readonly sourcetype?: string;
}): Record<string, string> {
  const { index, host, source, sourcetype } = settings;
  return Object.fromEntries(
    Object.entries({ index, host, source, sourcetype }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
