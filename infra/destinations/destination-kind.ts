import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { CollectorDestination } from '../../functions/collector/contract.ts';
import type { RelayBucket } from '../constructs/relay-bucket.ts';
import type { RelayKey } from '../constructs/relay-key.ts';
import type { Receiver } from './receiver.ts';
import type { ReceiverClock } from './receiver-clock.ts';
import type { DestinationShape } from './shape-settings.ts';

/**
 * A kind of destination: the schema of its settings, whose output knows how to make one. Line format and packing
 * follow from the kind, so that a wrong pairing cannot be written.
 *
 * To add a kind, write a file that exports one of these and name it in `destination-kinds.ts`. The one of its `examples`
 * (`meta`) is what `relay init` writes: what must be said, and no more.
 */
export type DestinationKind<Settings extends { readonly kind: string }> = z.ZodType<Destination, Settings>;

/** The settings whose ARNs stand in `secrets` and `places`, in whichever kinds have them. */
export const arnSettings = ['secret', 'secretKey', 'bucket', 'bucketKey', 'domain', 'collection'] as const;

/** What is known of a destination, also where a setting of its kind was refused. */
export type NamedDestination = Pick<Destination, 'name' | 'view' | 'shape' | 'secrets' | 'places'>;

/** One destination of one stream, as the settings name it. */
export interface Destination {
  readonly kind: string;
  /** Unique within its stream; by default the kind. */
  readonly name: string;
  /** MiB/s that Firehose accepts; absent means its default in the region. */
  readonly quotaMiBPerSecond?: number;
  /** The name of its view; absent where it sees everything. */
  readonly view?: string;
  /** The schema of its lines; absent where they are as Mosaic writes events. */
  readonly shape?: DestinationShape;
  /** What the collector must know of the kind. */
  readonly collector: Pick<
    CollectorDestination,
    'format' | 'formatOptions' | 'packing' | 'compressRecords' | 'ages'
  >;
  /** How old and how new an event its receiver takes, with the document that says so. */
  readonly clock: ReceiverClock;
  /**
   * Top-level members of an event that its receiver, or what `relay content` installs there, goes by: its time, or the
   * activity that the mapping begins with. A view changes them only with `allowLoss`. Default: `timestamp` where `ages` are
   * known, which are judged by it, and no other.
   */
  readonly needs?: readonly string[];
  /** Complete ARNs of secrets that it reads, by their setting, for checks that its own schema cannot make. */
  readonly secrets: readonly { readonly path: string; readonly arn: string }[];
  /** The same of what else it names that must be in the stage's region, or in its partition where it has no region. */
  readonly places?: readonly { readonly path: string; readonly arn: string }[];
  /** What can be probed of its receiver before a first deploy. */
  readonly receiver: Receiver;
  /** True if an object copier, a function with a queue of its own, takes the objects on from S3. Default false. */
  readonly copied?: boolean;
  /** True if its data stay in the relay's own bucket. Default false. */
  readonly archives?: boolean;
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
  /** Of the delivery stream's log group. */
  readonly logGroupName: string;
  /** Of the object copier and its role, for kinds that need one. */
  readonly copierName: string;
  /** Holds error records, and for `s3` the data unless the settings name another. */
  readonly bucket: RelayBucket;
  readonly key: RelayKey;
  readonly logDays: number;
  /** The role of the stream lifecycle, which asks and tells the queues of a copier that is kept. */
  readonly lifecycleRole: iam.IRole;
  /** Days that copies are kept which are only on their way to somewhere else. */
  readonly transitDays: number;
  /** The object copier's bundle, for kinds that Firehose does not know. */
  readonly copierCode: () => lambda.Code;
}

export interface DeliveryStream {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  readonly metrics: DeliveryMetrics;
  /** True where Firehose writes what the receiver did not take into the bucket. */
  readonly backsUp: boolean;
  /** Set where an object copier takes on. */
  readonly copier?: CopierQueues;
  /** The role that a receiver's own policy or trust must name, where it must name one, and how it does. */
  readonly trustedRole?: { readonly role: string; readonly use: string };
}

/**
 * What the names of a delivery stream's metrics begin with.
 * @see Firehose developer guide, "Monitor Amazon Data Firehose with CloudWatch metrics"
 */
export type DeliveryMetrics =
  | 'DeliveryToS3'
  | 'DeliveryToSplunk'
  | 'DeliveryToHttpEndpoint'
  | 'DeliveryToAmazonOpenSearchService'
  | 'DeliveryToAmazonOpenSearchServerless';

/** The queue that a copier reads, and where it sets aside what it can never copy. */
export interface CopierQueues {
  readonly functionName: string;
  readonly queue: sqs.IQueue;
  readonly deadLetters: sqs.IQueue;
}
