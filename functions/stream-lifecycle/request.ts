import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { RelayError } from '../relay-error.ts';
import {
  type DeliveryProperties,
  deliveryProperties,
  type MosaicStreamProperties,
  mosaicStreamProperties,
  type UndeliveredProperties,
  undeliveredProperties,
} from './contract.ts';

/**
 * The members that an answer to CloudFormation needs. @see CloudFormation user guide, "Custom resource request
 * objects"
 */
const envelope = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  ResourceType: z.string(),
  LogicalResourceId: z.string(),
  /** Absent in a Create. */
  PhysicalResourceId: z.optional(z.string()),
  ResourceProperties: z.record(z.string(), z.unknown()),
  /** Those before an Update; absent in every other request. */
  OldResourceProperties: z.optional(z.record(z.string(), z.unknown())),
});
export type LifecycleRequest = z.infer<typeof envelope>;

/**
 * @throws {RelayError} `BadEvent` where the event is no request of CloudFormation's, so that nobody waits for an
 * answer
 */
export function parseRequest(event: unknown): LifecycleRequest {
  const parsed = envelope.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new RelayError('BadEvent', `The event is no request of CloudFormation's: ${listed(parsed.error)}`);
}

/** @throws {RelayError} `BadProperties`, naming each property that is missing or wrong */
export function parseProperties(request: LifecycleRequest): MosaicStreamProperties {
  return parsedBy(mosaicStreamProperties, request);
}

/** @throws {RelayError} `BadProperties`, naming each property that is missing or wrong */
export function parseDelivery(request: LifecycleRequest): DeliveryProperties {
  return parsedBy(deliveryProperties, request);
}

/** @throws {RelayError} `BadProperties`, naming each property that is missing or wrong */
export function parseUndelivered(request: LifecycleRequest): UndeliveredProperties {
  return parsedBy(undeliveredProperties, request);
}

/** The properties before an Update; undefined for another request, and for what another version wrote. */
export function parseUndeliveredBefore({
  OldResourceProperties,
}: LifecycleRequest): UndeliveredProperties | undefined {
  return undeliveredProperties.safeParse(OldResourceProperties).data;
}

/** The secret of a stream before an Update; undefined for another request, and for what an earlier version wrote. */
export function secretBefore({ OldResourceProperties: before }: LifecycleRequest): string | undefined {
  return typeof before?.Secret === 'string' ? before.Secret : undefined;
}

function parsedBy<Properties>(schema: z.ZodMiniType<Properties>, request: LifecycleRequest): Properties {
  const parsed = schema.safeParse(request.ResourceProperties);
  if (parsed.success) return parsed.data;
  throw new RelayError(
    'BadProperties',
    `The properties of ${request.LogicalResourceId} are not usable: ${listed(parsed.error)}. Deploy the stack again from this version.`,
  );
}

function listed(error: z.core.$ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
z.config(en());
