import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { DestinationEnvironment } from '../../functions/collector/contract.ts';
import type { RelayBucket } from '../constructs/relay-bucket.ts';
import type { RelayKey } from '../constructs/relay-key.ts';

/**
 * A kind of destination: the schema of its settings, whose output knows how to make one. Line format and packing
 * follow from the kind, so that a wrong pairing cannot be written.
 *
 * To add a kind, write a file that exports one of these and name it in `destination-kinds.ts`.
 */
export type DestinationKind<Settings extends { readonly kind: string }> = z.ZodType<Destination, Settings>;

/** One destination of one stream, as the settings name it. */
export interface Destination {
  readonly kind: string;
  /** Unique within its stream; by default the kind. */
  readonly name: string;
  /** MiB/s that Firehose accepts; absent means its default in the region. */
  readonly quotaMiBPerSecond?: number;
  /** What the collector must know of the kind. */
  readonly collector: Pick<
    DestinationEnvironment,
    'format' | 'formatOptions' | 'packing' | 'compressRecords'
  >;
  /** ARNs of secrets that it reads, for checks that no schema of its own can make. */
  readonly secrets: readonly string[];
  /** Makes the delivery stream with its role, log group and error prefix. */
  create(scope: Construct, props: DestinationProps): DeliveryStream;
}

export interface DestinationProps {
  /** Of the stack. */
  readonly stage: string;
  readonly stream: { readonly name: string; readonly type: string };
  readonly destination: string;
  /** The physical name, so that roles and policies can name its ARN before it exists. */
  readonly deliveryStreamName: string;
  /** Holds error records, and for `s3` the data unless the settings name another. */
  readonly bucket: RelayBucket;
  readonly key: RelayKey;
  readonly logDays: number;
}

export interface DeliveryStream {
  readonly name: string;
  readonly arn: string;
}
