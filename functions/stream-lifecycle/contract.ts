import * as z from 'zod/mini';
import { type CollectorMetric, eventTypes } from '../collector/contract.ts';

/**
 * All that `infra/` may know of the stream lifecycle: its environment, the custom resource, the schedule's event,
 * and its metric.
 */

export const lifecycleEnvironment = z.object({
  STAGE: z.string(),
  TABLE_NAME: z.string(),
  /** Scheme and host of Mosaic's API, also the token's. */
  MOSAIC_URL: z.url(),
  /** The host of the settings' address. A local run puts another address into `MOSAIC_URL`, and the host stays. */
  MOSAIC_HOST: z.string(),
  MOSAIC_API_VERSION: z.string(),
  /** The token's `resource`; left out by default. */
  MOSAIC_RESOURCE: z.optional(z.string()),
  /** ARN or name of the secret that holds `client_id` and `client_secret`. */
  SECRET_ID: z.string(),
  BUCKET_NAME: z.string(),
  /** Where all of AWS is, in a local run alone. The clients of AWS read the variable by themselves. */
  AWS_ENDPOINT_URL: z.optional(z.url()),
});
export type LifecycleEnvironment = z.infer<typeof lifecycleEnvironment>;

/** The type of the resource that opens a stream in Mosaic. */
export const streamType = 'Custom::MosaicStream';

/** Properties of a `Custom::MosaicStream`. CloudFormation sends every value as a text. */
export const mosaicStreamProperties = z.object({
  /** The stream's stable name in the relay: the resource's identity. */
  StreamName: z.string(),
  /** Mosaic's id. A changed one creates the new stream and keeps the old one as retiring. */
  StreamId: z.string(),
  StreamType: z.enum(eventTypes),
  /** Scheme and host of Mosaic's API. Absent in what an earlier version wrote. */
  Mosaic: z.optional(z.string()),
  /** `false` for a pull URL: Mosaic is then never called. */
  Managed: z.enum(['true', 'false']),
  Enrichment: z.enum(['true', 'false']),
  /** Absent means that Mosaic's default holds. */
  RetentionDays: z.optional(z.string().check(z.regex(/^\d{1,2}$/))),
  OnRemoval: z.enum(['keep', 'delete']),
  /** `true` takes over a stream that Mosaic has and the table does not know. Absent means `false`. */
  Adopt: z.optional(z.enum(['true', 'false'])),
  /** Name or ARN of the secret with Mosaic's credentials. Absent in what an earlier version wrote. */
  Secret: z.optional(z.string()),
});
export type MosaicStreamProperties = z.infer<typeof mosaicStreamProperties>;

/** The type of the resource that names what belongs to one destination of a stream. */
export const deliveryType = 'Custom::Delivery';

/** Properties of a `Custom::Delivery`. */
export const deliveryProperties = z.object({
  /** Of the stream, in the relay. */
  StreamName: z.string(),
  Destination: z.string(),
  /** Logical id of the delivery stream, by which CloudFormation tells whether the stack has it already. */
  DeliveryStream: z.string(),
  /** URLs of the queues of the destination's copier. Absent without one, and in what an earlier version wrote. */
  Queue: z.optional(z.string()),
  DeadLetters: z.optional(z.string()),
  /**
   * What its folder in the stage's bucket is for. Absent where its data go elsewhere, and in what an earlier version
   * wrote.
   */
  Folder: z.optional(z.enum(['kept', 'copied'])),
});
export type DeliveryProperties = z.infer<typeof deliveryProperties>;

/** Attributes of a `Custom::Delivery`: what the names of the destination's resources end with. */
export interface DeliveryEnds {
  /** Eight hexadecimal digits: the mark by which this destination differs from those of its name before. */
  readonly DeliveryStream: string;
  /** Of the log group: the destination's name, with the mark behind it unless the mark is the stack's. */
  readonly Logs: string;
  /** Of the object copier and its role: the mark, or `copier` where the mark is the stack's. */
  readonly Copier: string;
}

/** The type of the one resource of a stack that refuses what would leave undelivered batches behind. */
export const undeliveredType = 'Custom::Undelivered';

/** Properties of a `Custom::Undelivered`: what a deploy may change to the harm of batches that are not delivered. */
export const undeliveredProperties = z.object({
  /** The stable names of all streams. */
  Streams: z.array(z.string()),
  /** `<stream>/<destination>` of all destinations. */
  Deliveries: z.array(z.string()),
  /** Days after which the bucket deletes the journal's batches. */
  JournalDays: z.string().check(z.regex(/^\d+$/)),
  /** Days after which the bucket deletes what waits in quarantine and in backups. */
  QuarantineDays: z.string().check(z.regex(/^\d+$/)),
  /** `true` lets the change leave them behind. Absent means `false`. */
  Leave: z.optional(z.enum(['true', 'false'])),
});
export type UndeliveredProperties = z.infer<typeof undeliveredProperties>;

/** Attributes of a `Custom::Undelivered`. */
export interface LeftUndelivered {
  /** Says in words which streams outside the settings have undelivered batches; `nothing` for none. */
  readonly StaysBehind: string;
}

/** The event that the daily schedule sends. */
export const orphanSearch = z.object({
  task: z.literal('find-orphans'),
  /** The names of every stream in the settings: an unfinished run of any other has no collector. */
  streams: z.array(z.string()),
});
export type OrphanSearch = z.infer<typeof orphanSearch>;

/** The event that the hourly schedule sends. */
export const keptWatch = z.object({ task: z.literal('watch-kept') });
export type KeptWatch = z.infer<typeof keptWatch>;

/**
 * Time for which Firehose may hold an event: in a buffer for 15 minutes, with retries of its receiver for two hours, and
 * then, as it gives S3 up after 24 hours, on the way to its backup. An hour more, for runs that outlive a removal.
 *
 * @see Firehose developer guide, "Handle data delivery failures"
 */
export const longestHoldMs = 28 * 3_600_000;

/**
 * Time for which Firehose tries to write to S3, and keeps the events. Afterwards they are lost.
 *
 * @see Firehose developer guide, "Handle data delivery failures"
 */
export const s3RetryMs = 24 * 3_600_000;

/**
 * The collector's gauges of a stream of which a Create emits a first 0. Their alarms take silence after a first value
 * for the worst, so that a new stream whose collector never starts is told too.
 */
export const firstGauges = [
  'OldestUndelivered',
  'SinceLastRun',
] as const satisfies readonly CollectorMetric[];

/** Each metric with its unit. Dimension: `Stage`. */
export const lifecycleMetrics = {
  /** Runs of streams that left the settings, with batches that no sweep will deliver any more. Daily, 0 included. */
  Orphaned: 'Count',
  /**
   * Kept delivery streams of which a copier's queue, its dead letters or the backup folder hold something, whose log tells
   * of a write to S3 that failed within a day, or which could not be looked at; 1 where the look itself failed. Hourly, while there are any kept ones at all.
   */
  KeptWaiting: 'Count',
} as const;
