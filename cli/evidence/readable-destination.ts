import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { RelayError } from '../../functions/relay-error.ts';
import { backupCopyPrefix } from '../../functions/stored/backup-key.ts';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { deliveredLines } from '../../functions/stored/delivered-object.ts';
import { isWrittenFor } from '../../functions/stored/delivery-stream-name.ts';
import { dataPrefix, prefixOfHour } from '../../functions/stored/hourly-prefix.ts';
import { type Bucket, createBucket } from '../access/bucket.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { readAhead } from '../access/read-ahead.ts';
import { CommandError } from '../command.ts';
import { type GcsBucket, openGcsBucket } from './gcs-bucket.ts';

/** A destination whose objects can be read again, in S3 or Google Cloud Storage, by hour of arrival. */
export interface ReadableDestination {
  readonly name: string;
  readonly kind: string;
  /** `s3://bucket/prefix`, `gs://bucket/prefix`. */
  readonly place: string;
  /**
   * The objects whose oldest record arrived in the hour that begins at `hour`.
   *
   * @param isWanted asked with an object's address, before the object is read; absent where all are wanted
   */
  objects(hour: number, isWanted?: (address: string) => boolean): AsyncIterable<HeldObject>;
}

interface HeldObject {
  /** With the bucket: `s3://bucket/key`. */
  readonly address: string;
  /**
   * Decompressed while they are read, which is done once.
   * @throws {CommandError} where the object is damaged, after the lines before the damage
   */
  readonly lines: Iterable<Uint8Array>;
}

/**
 * Opens a destination's objects for reading.
 *
 * @returns undefined for a destination whose objects cannot be read from here
 */
export async function readableDestinationOf(
  destination: DeployedDestination,
  relay: DeployedRelay,
  stream: DeployedStream,
): Promise<ReadableDestination | undefined> {
  const { name, kind, copier, deliveryStream } = destination;
  if (copier !== undefined) {
    if (!('GCS_BUCKET' in copier.environment)) return undefined;
    const { GCS_URL: url, GCS_BUCKET: bucketName } = copier.environment;
    const bucket = await openGcsBucket({ url, bucket: bucketName });
    const prefix = dataPrefix(
      deliveredDestinationFolder({ streamName: stream.name, destination: name }),
      stream.type,
    );
    return { name, kind, ...objectsIn(bucket, { scheme: 'gs', prefix, deliveryStream }) };
  }
  const s3 = await bucketOfDestination(relay, deliveryStream);
  if (s3 === undefined) return undefined;
  return { name, kind, ...objectsIn(s3.bucket, { scheme: 's3', prefix: s3.prefix, deliveryStream }) };
}

/**
 * The bucket that a delivery stream delivers to, and its prefix with Firehose's expressions.
 *
 * @returns undefined where it delivers elsewhere
 */
export async function bucketOfDestination(
  { clients }: Pick<DeployedRelay, 'clients'>,
  deliveryStream: string,
): Promise<{ readonly bucket: Bucket; readonly prefix: string } | undefined> {
  const { DeliveryStreamDescription: described } = await clients.firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream }),
  );
  const s3 = described?.Destinations?.[0]?.ExtendedS3DestinationDescription;
  if (s3?.BucketARN === undefined) return undefined;
  const bucket = createBucket(clients.s3, s3.BucketARN.slice(s3.BucketARN.lastIndexOf(':') + 1));
  return { bucket, prefix: s3.Prefix ?? '' };
}

/** Opens the copies of all records that a destination was sent, if its settings ask for them. */
export function everythingOf(
  { name, kind, deliveryStream }: DeployedDestination,
  relay: DeployedRelay,
  stream: DeployedStream,
): ReadableDestination {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const prefix = backupCopyPrefix({ streamName: stream.name, destination: name });
  return { name, kind, ...objectsIn(bucket, { scheme: 's3', prefix, deliveryStream }) };
}

interface Objects {
  readonly scheme: 's3' | 'gs';
  /** The prefix with Firehose's expressions. */
  readonly prefix: string;
  readonly deliveryStream: string;
}

type ReadableBucket = Pick<GcsBucket, 'name' | 'get' | 'list'>;

function objectsIn(
  bucket: ReadableBucket,
  { scheme, prefix, deliveryStream }: Objects,
): Pick<ReadableDestination, 'place' | 'objects'> {
  return {
    place: `${scheme}://${bucket.name}/${prefix.split('!{')[0]}`,
    objects(hour, isWanted = () => true) {
      const addressOf = (key: string): string => `${scheme}://${bucket.name}/${key}`;
      const own = ownObjects(bucket, { prefix: prefixOfHour(prefix, hour), deliveryStream });
      return readAhead(
        wantedOf(own, (key) => isWanted(addressOf(key))),
        async ({ key }) => {
          const { body } = await bucket.get(key);
          return { address: addressOf(key), lines: linesOf(addressOf(key), body) };
        },
      );
    },
  };
}

/** A whole object decompressed would be many times as large as its bytes. */
function* linesOf(address: string, body: Uint8Array): Generator<Uint8Array> {
  try {
    yield* deliveredLines(body);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    throw new CommandError(
      `${address} is damaged. ${error.message} Restore an earlier version of the object, or remove it and replay its hour from the journal`,
    );
  }
}

interface Listed {
  readonly key: string;
  readonly size: number;
}

async function* wantedOf(
  objects: AsyncIterable<Listed>,
  isWanted: (key: string) => boolean,
): AsyncIterable<Listed> {
  for await (const object of objects) if (isWanted(object.key)) yield object;
}

async function* ownObjects(
  bucket: ReadableBucket,
  { prefix, deliveryStream }: Pick<Objects, 'prefix' | 'deliveryStream'>,
): AsyncIterable<Listed> {
  for await (const object of bucket.list(prefix)) {
    if (isWrittenFor(deliveryStream, object.key)) yield object;
  }
}

export const hourMs = 3_600_000;
/** The greatest difference between the collector's clock and Firehose's. */
const clockSlackMs = 5 * 60_000;

/** The hours, until now, in which events that were collected from a time on can have arrived. */
export function* arrivalHours(from: number, until: number): Iterable<number> {
  const first = from - clockSlackMs;
  for (let hour = first - (first % hourMs); hour <= until; hour += hourMs) yield hour;
}
