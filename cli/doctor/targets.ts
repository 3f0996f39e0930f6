import { DescribeDeliveryStreamCommand, type DestinationDescription } from '@aws-sdk/client-firehose';
import type { CopierEnvironment } from '../../functions/object-copier/contract.ts';
import type { StreamSettings } from '../../infra/config/settings.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { foreseen } from '../access/foreseen.ts';

/** Where a destination's events end, as far as it can be probed. */
export type Target = { readonly name: string } & (
  | { readonly kind: 'splunk'; readonly endpoint: string; readonly secretId: string; readonly index?: string }
  /** Firehose's HTTP endpoint protocol; without a secret the URL itself is the key. */
  | { readonly kind: 'http'; readonly url: string; readonly secretId?: string }
  | { readonly kind: 's3'; readonly bucket: string }
  | {
      readonly kind: 'gcs';
      readonly url: string;
      readonly bucket: string;
      readonly stsUrl: string;
      readonly audience: string;
    }
  | {
      readonly kind: 'sentinel';
      readonly url: string;
      readonly entraUrl: string;
      readonly audience: string;
      readonly secretId: string;
      readonly rule: string;
      readonly table: string;
    }
  /** With what stands in the way of a probe. */
  | {
      readonly kind: 'unprobed';
      readonly why: string;
      readonly secret?: { readonly secretId: string; readonly member: string };
    }
);

/** Of a deployed stream, by what Firehose and the copiers' environments say. */
export async function targetsOfRelay(
  relay: DeployedRelay,
  stream: DeployedStream,
): Promise<readonly Target[]> {
  return Promise.all(
    stream.destinations.map(async (destination) => {
      const { name, copier, deliveryStream } = destination;
      if (copier !== undefined) return { name, ...copierTarget(copier.environment) };
      const looked = { sought: `delivery stream ${deliveryStream}`, where: relay.place };
      const { DeliveryStreamDescription: described } = await foreseen(looked, () =>
        relay.clients.firehose.send(
          new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream }),
        ),
      );
      return { name, ...deliveryTarget(described?.Destinations?.[0] ?? {}, destination) };
    }),
  );
}

type Nameless<T> = T extends unknown ? Omit<T, 'name'> : never;

function copierTarget(environment: CopierEnvironment): Nameless<Target> {
  if (environment.SINK === 'gcs') {
    return {
      kind: 'gcs',
      url: environment.GCS_URL,
      bucket: environment.GCS_BUCKET,
      stsUrl: environment.GOOGLE_STS_URL,
      audience: environment.GOOGLE_AUDIENCE,
    };
  }
  return {
    kind: 'sentinel',
    url: environment.AZURE_LOGS_URL,
    entraUrl: environment.ENTRA_URL,
    audience: environment.AZURE_LOGS_AUDIENCE,
    secretId: environment.ENTRA_SECRET_ID,
    rule: environment.AZURE_LOGS_RULE_ID,
    table: environment.AZURE_LOGS_STREAM,
  };
}

function deliveryTarget(
  described: Partial<DestinationDescription>,
  destination: DeployedDestination,
): Nameless<Target> {
  const {
    SplunkDestinationDescription: splunk,
    HttpEndpointDestinationDescription: http,
    ExtendedS3DestinationDescription: s3,
  } = described;
  if (splunk?.HECEndpoint !== undefined) {
    return {
      kind: 'splunk',
      endpoint: splunk.HECEndpoint,
      secretId: splunk.SecretsManagerConfiguration?.SecretARN ?? '',
      index: destination.formatOptions?.index,
    };
  }
  if (http?.EndpointConfiguration?.Url !== undefined) {
    const secretId = http.SecretsManagerConfiguration?.SecretARN;
    return { kind: 'http', url: http.EndpointConfiguration.Url, secretId };
  }
  if (s3?.BucketARN !== undefined) return { kind: 's3', bucket: s3.BucketARN.split(':').at(-1) ?? '' };
  return { kind: 'unprobed', why: `a ${destination.kind} destination takes Firehose's role alone` };
}

type DestinationSettings = NonNullable<StreamSettings['destinations']>[number];

/** Of a stream in the settings, before it is deployed. */
export function targetsOfSettings(stream: StreamSettings | undefined): readonly Target[] {
  const destinations = stream?.destinations ?? [{ kind: 's3' as const }];
  return destinations.map((destination) => ({
    name: destination.name ?? destination.kind,
    ...settingsTarget(destination),
  }));
}

/** @see the destinations' own files in `infra/destinations/`, which make the addresses */
function settingsTarget(destination: DestinationSettings): Nameless<Target> {
  switch (destination.kind) {
    case 'splunk': {
      const { endpoint, secret: secretId, index } = destination;
      return { kind: 'splunk', endpoint, secretId, index };
    }
    case 'http':
      return { kind: 'http', url: destination.url, secretId: destination.secret };
    case 'elastic':
      return { kind: 'http', url: destination.endpoint, secretId: destination.secret };
    case 'gcs': {
      const { bucket, provider: audience } = destination;
      return {
        kind: 'gcs',
        url: 'https://storage.googleapis.com',
        stsUrl: 'https://sts.googleapis.com',
        bucket,
        audience,
      };
    }
    case 'sentinel': {
      const { endpoint: url, rule, table, secret: secretId } = destination;
      const entraUrl = 'https://login.microsoftonline.com';
      return { kind: 'sentinel', url, entraUrl, audience: 'monitor.azure.com', secretId, rule, table };
    }
    case 's3':
      return destination.bucket === undefined
        ? { kind: 'unprobed', why: "the relay's own bucket comes with the deploy" }
        : { kind: 's3', bucket: destination.bucket };
    case 'openSearch':
      return { kind: 'unprobed', why: "an openSearch destination takes Firehose's role alone" };
    default:
      return {
        kind: 'unprobed',
        why: "the vendor's address follows from the settings and is probed after the deploy",
        secret: {
          secretId: destination.secret,
          member: destination.kind === 'sumoLogic' ? 'token' : 'api_key',
        },
      };
  }
}
