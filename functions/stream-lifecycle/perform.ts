import { deliveryType, undeliveredType } from './contract.ts';
import { folderRefusal } from './folder-refusal.ts';
import { guardUndelivered } from './guard-undelivered.ts';
import { nameDelivery } from './name-delivery.ts';
import { openStream } from './open-stream.ts';
import { done, failed, type Performed } from './performed.ts';
import type { LifecyclePorts } from './ports.ts';
import { removeStream } from './remove-stream.ts';
import { type LifecycleRequest, parseProperties, secretBefore } from './request.ts';

/**
 * Carries out one request. A request that is delivered several times ends as one that is delivered once: every
 * step asks for the wanted state, and takes a state that is there already for success.
 *
 * A stream's name is the resource's identity and its id is not, so that a changed id is an update: CloudFormation
 * never asks to delete the stream that was replaced.
 * @throws {RelayError} `BadProperties`, and the ports' errors; the caller must tell CloudFormation that the
 * request failed
 */
export async function perform(request: LifecycleRequest, ports: LifecyclePorts): Promise<Performed> {
  if (request.ResourceType === deliveryType) return deliver(request, ports);
  if (request.ResourceType === undeliveredType) return guardUndelivered(request, ports);
  const properties = parseProperties(request);
  const known = await ports.register.read(properties.StreamName);
  if (request.RequestType !== 'Delete') {
    const change = { stackId: request.StackId, secretBefore: secretBefore(request) };
    return openStream(properties, known, ports, change);
  }
  // CloudFormation invents an id for a creation that it cancelled, or that never answered, and sends a Delete with
  // that id. The creation may still be running.
  const ours = request.PhysicalResourceId === physicalId(request);
  return ours ? removeStream(properties, known, ports) : done(properties, 'kept', 'it was never ours');
}

async function deliver(request: LifecycleRequest, ports: LifecyclePorts): Promise<Performed> {
  const refused = await folderRefusal(request, ports);
  return refused === undefined ? nameDelivery(request, ports) : failed(refused);
}

/** The identity of a stream's resource: the same in every request about one stream of one stack. */
export function physicalId(request: LifecycleRequest): string {
  const stack = request.StackId.split('/')[1] ?? request.StackId;
  return `${stack}/${String(request.ResourceProperties.StreamName)}`;
}
