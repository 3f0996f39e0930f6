import { isWrittenFor } from '../../functions/stored/delivery-stream-name.ts';
import type { World } from '../world.ts';
import type { BucketReader } from './bucket-reader.ts';
import type { Holding } from './compared-sets.ts';
import { eachLineOf, keepObject } from './delivered-files.ts';
import type { ErasedObjects } from './erased-objects.ts';

/**
 * Reads the lines that a destination's delivery streams have written to S3, the kept ones among them, and leaves every object in the folder of delivered
 * objects under Firehose's name for it.
 */
export function s3Holding(options: S3HoldingOptions): Holding {
  const { reader, place, folder, erased } = options;
  return {
    kind: options.kind,
    name: options.name,
    async eachLine(visit) {
      for await (const { key } of reader.list(place.bucket, place.prefix)) {
        if (!isWrittenFor(options.deliveryStream, key)) continue;
        const { body } = await reader.get(place.bucket, key);
        const path = await keepObject(folder, { bucket: place.bucket, key, body });
        await eachLineOf(path, visit);
      }
    },
    async eachErased(visit) {
      const isMeant = (key: string) => isWrittenFor(options.deliveryStream, key);
      const lines = (await erased?.lines({ reader, bucket: place.bucket, isMeant })) ?? [];
      for (const line of lines) visit(Buffer.from(line));
    },
  };
}

export interface S3HoldingOptions {
  readonly reader: BucketReader;
  readonly kind: string;
  /** The destination's name within the stream. */
  readonly name: string;
  readonly deliveryStream: string;
  readonly place: S3Place;
  /** Absolute. */
  readonly folder: string;
  /** What was erased during the run; absent where nobody could erase anything. */
  readonly erased?: Pick<ErasedObjects, 'lines'>;
}

export interface S3Place {
  readonly bucket: string;
  /** The part of the prefix before its first expression. */
  readonly prefix: string;
}

/**
 * Finds the place where a delivery stream writes, by its resolved properties; undefined where its destination is
 * not S3.
 */
export function s3PlaceOf(properties: Readonly<Record<string, unknown>>): S3Place | undefined {
  const destination = properties.ExtendedS3DestinationConfiguration as
    | { readonly BucketARN: string; readonly Prefix?: string }
    | undefined;
  if (destination === undefined) return undefined;
  return {
    bucket: destination.BucketARN.slice(destination.BucketARN.lastIndexOf(':') + 1),
    prefix: (destination.Prefix ?? '').split('!{')[0] ?? '',
  };
}

/** The place where a delivery stream of a run writes; undefined where its destination is not S3. */
export function deliveryPlaceOf(
  deliveryStream: string,
  { deployment }: Pick<World, 'deployment'>,
): S3Place | undefined {
  const resource = deployment
    .byType('AWS::KinesisFirehose::DeliveryStream')
    .find(({ physicalId }) => physicalId === deliveryStream);
  return resource && s3PlaceOf(resource.properties);
}
