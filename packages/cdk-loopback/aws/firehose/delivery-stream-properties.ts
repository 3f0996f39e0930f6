import { z } from 'zod/mini';
import { createExtendedS3 } from './destinations/extended-s3.ts';
import { createHttpEndpoint } from './destinations/http-endpoint.ts';
import { createOpenSearch, createOpenSearchServerless } from './destinations/open-search.ts';
import { createSplunk } from './destinations/splunk.ts';
import type { CreateDestination } from './firehose-destination.ts';
import type { DeliveryStreamTag } from './held-stream.ts';
import { integer, loggingOptions, parseProperties } from './properties.ts';

/** The properties of `AWS::KinesisFirehose::DeliveryStream`, read. */
export interface DeliveryStreamProperties {
  /** The destination's property name. */
  readonly kind: string;
  readonly createDestination: CreateDestination;
  readonly destinationProperties: unknown;
  /** True where the backup keeps a copy of every record, and not of failures alone. */
  readonly everything: boolean;
  /**
   * Where Firehose logs errors of the destination, and of the bucket behind it: a bucket's own options are taken to name
   * the same place. Absent where logging is off.
   */
  readonly log?: FirehoseLogPlace | undefined;
  /** Encrypted at rest, as `PutRecordBatch` then answers. */
  readonly encrypted: boolean;
  readonly tags: readonly DeliveryStreamTag[];
}

/** A log group and a log stream of it, by their names. */
export interface FirehoseLogPlace {
  readonly group: string;
  readonly stream: string;
}

/** One entry for each destination; what is not here is refused by name. */
const destinations: Readonly<Record<string, CreateDestination>> = {
  ExtendedS3DestinationConfiguration: createExtendedS3,
  SplunkDestinationConfiguration: createSplunk,
  HttpEndpointDestinationConfiguration: createHttpEndpoint,
  AmazonopensearchserviceDestinationConfiguration: createOpenSearch,
  AmazonOpenSearchServerlessDestinationConfiguration: createOpenSearchServerless,
};

/** @throws when a property is unknown, missing or out of range */
export function readDeliveryStreamProperties(name: string, properties: object): DeliveryStreamProperties {
  if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(name)) throw new Error(`${name} is no name for a delivery stream.`);
  const kinds = Object.keys(properties).filter((key) => key.endsWith('DestinationConfiguration'));
  const [kind] = kinds;
  if (kinds.length !== 1 || !kind) throw new Error(`Delivery stream ${name} needs exactly one destination.`);
  const createDestination = destinations[kind];
  if (!createDestination) throw new Error(`Delivery stream ${name}: the local Firehose has no ${kind}.`);
  const { [kind]: destinationProperties, ...common } = properties as Record<string, unknown>;
  const read = parseProperties(name, schema, common);
  const mode = (destinationProperties as { readonly S3BackupMode?: unknown } | undefined)?.S3BackupMode;
  // AllEvents, AllData or AllDocuments, as the kind calls it.
  const everything = String(mode).startsWith('All');
  return {
    kind,
    createDestination,
    destinationProperties,
    everything,
    log: logOf(destinationProperties),
    encrypted: read.DeliveryStreamEncryptionConfigurationInput !== undefined,
    tags: read.Tags ?? [],
  };
}

/** What is wrong with the options is told when the destination is made. */
function logOf(destinationProperties: unknown): FirehoseLogPlace | undefined {
  const options = (destinationProperties as { readonly CloudWatchLoggingOptions?: unknown } | undefined)
    ?.CloudWatchLoggingOptions;
  const read = z.safeParse(loggingOptions, options);
  if (!read.success || read.data?.Enabled !== true) return undefined;
  const { LogGroupName: group, LogStreamName: stream } = read.data;
  return group === undefined || stream === undefined ? undefined : { group, stream };
}

const schema = z.strictObject({
  DeliveryStreamName: z.optional(z.string()),
  DeliveryStreamType: z.optional(z.literal('DirectPut')),
  DeliveryStreamEncryptionConfigurationInput: z.optional(
    z.strictObject({
      KeyType: z.enum(['AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK']),
      KeyARN: z.optional(z.string()),
    }),
  ),
  DirectPutSourceConfiguration: z.optional(z.strictObject({ ThroughputHintInMBs: integer(1, 100) })),
  Tags: z.optional(z.array(z.strictObject({ Key: z.string(), Value: z.optional(z.string()) }))),
});
