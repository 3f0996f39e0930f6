import type { Construct } from 'constructs';
import { flag } from '../config/fields.ts';
import { type BufferLimits, bufferFields, type CommonSettings, commonFields } from './common-settings.ts';
import { type BackupSettings, backupConfiguration, backupFields } from './delivery-backup.ts';
import { mayReadSecret, secretKeyField, secretsManager } from './delivery-secret.ts';
import { deliveryMeans, deliveryStream } from './delivery-stream.ts';
import type { DeliveryStream, DestinationProps } from './destination-kind.ts';

/** What every kind that Firehose reaches by its HTTP endpoint protocol may be told. */
export interface HttpEndpointSettings extends CommonSettings, BackupSettings {
  /** Firehose delivers when it holds this many MiB, before compression. 1..64, default 1. */
  readonly bufferMiB?: number;
  /** Firehose delivers at the latest after so many seconds. 0..900, default 60. */
  readonly bufferSeconds?: number;
  /** Requests are compressed. Default true. */
  readonly gzip?: boolean;
  /** ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`. */
  readonly secretKey?: string;
}

export function httpEndpointFields(buffer: Pick<BufferLimits, 'defaultMiB'>) {
  return {
    ...commonFields,
    ...backupFields,
    ...bufferFields({ maxMiB: 64, defaultMiB: buffer.defaultMiB, maxSeconds: 900, defaultSeconds: 60 }),
    gzip: flag().default(true),
    secretKey: secretKeyField,
  };
}

export interface HttpEndpoint {
  /** Shown in the console. */
  readonly vendor: string;
  /** https, port 443. */
  readonly url: string;
  /** ARN of the secret `{"api_key": "…"}`; none where the URL itself is the key. */
  readonly secret?: string;
  /** Sent with every request; what a vendor makes of them is its own. At most 50. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly settings: Required<Omit<HttpEndpointSettings, keyof CommonSettings | 'secretKey'>> &
    Pick<HttpEndpointSettings, 'secretKey'>;
}

/** The delivery stream of any kind that speaks the HTTP endpoint protocol. */
export function httpDeliveryStream(
  scope: Construct,
  props: DestinationProps,
  { vendor, url, secret, attributes, settings }: HttpEndpoint,
): DeliveryStream {
  const means = deliveryMeans(scope, props, {
    statements: secret === undefined ? [] : mayReadSecret({ secret, secretKey: settings.secretKey }),
    ownBucket: false,
  });
  return deliveryStream(scope, props, {
    means,
    httpEndpointDestinationConfiguration: {
      endpointConfiguration: { name: vendor, url },
      ...(secret === undefined ? {} : { secretsManagerConfiguration: secretsManager(secret, means) }),
      requestConfiguration: {
        contentEncoding: settings.gzip ? 'GZIP' : 'NONE',
        commonAttributes: Object.entries(attributes).map(([attributeName, attributeValue]) => ({
          attributeName,
          attributeValue,
        })),
      },
      bufferingHints: { sizeInMBs: settings.bufferMiB, intervalInSeconds: settings.bufferSeconds },
      retryOptions: { durationInSeconds: settings.retrySeconds },
      roleArn: means.role.roleArn,
      s3BackupMode: settings.backup === 'failures' ? 'FailedDataOnly' : 'AllData',
      s3Configuration: backupConfiguration(props, means),
      cloudWatchLoggingOptions: means.logging,
    },
  });
}
