import { DescribeDeliveryStreamCommand, type DestinationDescription } from '@aws-sdk/client-firehose';
import type { CopierEnvironment } from '../../functions/object-copier/contract.ts';
import { folderOfPrefix } from '../../functions/stored/hourly-prefix.ts';
import type { Stream } from '../../infra/config/stream-settings.ts';
import type { Receiver } from '../../infra/destinations/receiver.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { functionLogGroup, loggedGroup } from '../logs/log-groups.ts';

/** A destination as doctor probes it: the receiver of its events, and whether a copier delivers them. */
export type Target = Receiver & {
  readonly name: string;
  readonly copied?: boolean;
  /** ARN of the role by which Firehose reads the secret or writes to the bucket, after a deploy. */
  readonly role?: string;
  /** Name of the log group with the receiver's answers, after a deploy. */
  readonly logGroup?: string;
  /** The key that the settings name beside the secret, before a first deploy. */
  readonly secretKey?: string;
};

/** The targets of a deployed stream, by Firehose's description and the copiers' environments. */
export async function targetsOfRelay(
  relay: DeployedRelay,
  stream: DeployedStream,
): Promise<readonly Target[]> {
  return Promise.all(
    stream.destinations.map(async (destination) => {
      const { name, copier, deliveryStream } = destination;
      if (copier !== undefined) {
        const logGroup = functionLogGroup(copier.functionName);
        return { name, copied: true, logGroup, ...copierReceiver(copier.environment) };
      }
      const looked = { sought: `delivery stream ${deliveryStream}`, where: relay.place };
      const { DeliveryStreamDescription: described } = await explainingFailure(looked, () =>
        relay.clients.firehose.send(
          new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream }),
        ),
      );
      const delivered = described?.Destinations?.[0] ?? {};
      const logGroup = loggedGroup(delivered);
      return {
        name,
        ...firehoseRole(delivered),
        ...(logGroup === undefined ? {} : { logGroup }),
        ...deliveryReceiver(delivered, destination),
      };
    }),
  );
}

function firehoseRole({
  SplunkDestinationDescription: splunk,
  HttpEndpointDestinationDescription: http,
  ExtendedS3DestinationDescription: s3,
}: Partial<DestinationDescription>): { readonly role?: string } {
  const role = (splunk ?? http)?.SecretsManagerConfiguration?.RoleARN ?? s3?.RoleARN;
  return role === undefined ? {} : { role };
}

function copierReceiver(environment: CopierEnvironment): Receiver {
  if ('GCS_BUCKET' in environment) {
    return {
      protocol: 'google-storage',
      url: environment.GCS_URL,
      bucket: environment.GCS_BUCKET,
      stsUrl: environment.GOOGLE_STS_URL,
      audience: environment.GOOGLE_AUDIENCE,
    };
  }
  return {
    protocol: 'azure-logs',
    url: environment.AZURE_LOGS_URL,
    entraUrl: environment.ENTRA_URL,
    audience: environment.AZURE_LOGS_AUDIENCE,
    secretId: environment.ENTRA_SECRET_ID,
    rule: environment.AZURE_LOGS_RULE_ID,
    table: environment.AZURE_LOGS_STREAM,
  };
}

function deliveryReceiver(
  described: Partial<DestinationDescription>,
  destination: DeployedDestination,
): Receiver {
  const {
    SplunkDestinationDescription: splunk,
    HttpEndpointDestinationDescription: http,
    ExtendedS3DestinationDescription: s3,
    AmazonopensearchserviceDestinationDescription: domain,
    AmazonOpenSearchServerlessDestinationDescription: collection,
  } = described;
  if (splunk?.HECEndpoint !== undefined) {
    return {
      protocol: 'splunk-hec',
      endpoint: splunk.HECEndpoint,
      secretId: splunk.SecretsManagerConfiguration?.SecretARN ?? '',
      index: destination.formatOptions?.index,
    };
  }
  if (http?.EndpointConfiguration?.Url !== undefined) {
    const secretId = http.SecretsManagerConfiguration?.SecretARN;
    return { protocol: 'firehose-http', url: http.EndpointConfiguration.Url, secretId };
  }
  if (s3?.BucketARN !== undefined) {
    const bucket = s3.BucketARN.slice(s3.BucketARN.lastIndexOf(':') + 1);
    return { protocol: 's3-bucket', bucket, folder: folderOfPrefix(s3.Prefix ?? '') };
  }
  if (domain?.DomainARN !== undefined) {
    const { DomainARN, IndexName = '', IndexRotationPeriod } = domain;
    const index = IndexRotationPeriod === 'NoRotation' ? IndexName : `${IndexName}-2026`;
    return { protocol: 'open-search', domain: DomainARN, index };
  }
  if (collection?.CollectionEndpoint !== undefined)
    return { protocol: 'open-search', url: collection.CollectionEndpoint, index: collection.IndexName ?? '' };
  return { protocol: 'unprobed', why: `a ${destination.kind} destination takes Firehose's role alone` };
}

/** The targets of a stream in the settings, before its first deploy. */
export function targetsOfSettings({ destinations }: Stream): readonly Target[] {
  return destinations.map(({ name, receiver, copied, secrets }) => {
    const secretKey = secrets.find(({ path }) => path === 'secretKey')?.arn;
    return { name, copied, ...receiver, ...(secretKey === undefined ? {} : { secretKey }) };
  });
}
