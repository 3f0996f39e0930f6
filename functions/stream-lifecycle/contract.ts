import * as z from 'zod/mini';
import { eventTypes } from '../collector/contract.ts';

/** All that `infra/` may know of the stream lifecycle: its environment, and the resource that it stands for. */

export const lifecycleEnvironment = z.object({
  STAGE: z.string(),
  TABLE_NAME: z.string(),
  /** Scheme and host of Mosaic's API, also the token's. */
  MOSAIC_URL: z.url(),
  MOSAIC_API_VERSION: z.string(),
  /** The token's `resource`; left out by default. */
  MOSAIC_RESOURCE: z.optional(z.string()),
  /** ARN or name of the secret that holds `client_id` and `client_secret`. */
  SECRET_ID: z.string(),
});
export type LifecycleEnvironment = z.infer<typeof lifecycleEnvironment>;

/** Properties of a `Custom::MosaicStream`. CloudFormation sends every value as a text. */
export const mosaicStreamProperties = z.object({
  /** The stream's stable name in the relay: the resource's identity. */
  StreamName: z.string(),
  /** Mosaic's id. A changed one creates the new stream and keeps the old one as retiring. */
  StreamId: z.string(),
  StreamType: z.enum(eventTypes),
  /** `false` for a pull URL: Mosaic is then never called. */
  Managed: z.enum(['true', 'false']),
  Enrichment: z.enum(['true', 'false']),
  /** Absent means that Mosaic's default holds. */
  RetentionDays: z.optional(z.string().check(z.regex(/^\d{1,2}$/))),
  OnRemoval: z.enum(['keep', 'delete']),
});
export type MosaicStreamProperties = z.infer<typeof mosaicStreamProperties>;
