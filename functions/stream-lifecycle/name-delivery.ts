import { createHash } from 'node:crypto';
import { RelayError } from '../relay-error.ts';
import type { DeliveryEnds, DeliveryProperties } from './contract.ts';
import { noteKept } from './note-kept.ts';
import type { Performed } from './performed.ts';
import type { LifecyclePorts } from './ports.ts';
import { type LifecycleRequest, parseDelivery } from './request.ts';

/**
 * Answers what the names of a destination's resources end with.
 *
 * A delivery stream is kept when its destination leaves the settings, with its role, its log group and its copier. All of
 * them hold on to their names. A destination that returns, or a stack that is made again, therefore gets a mark of its
 * own. The mark stands in the resource's identity, so that later requests answer the same one.
 *
 * A stack that was deployed before there were marks has the delivery stream already, under a name that ends with the
 * stack's own mark. CloudFormation knows that name, and an upgrade replaces nothing.
 *
 * A destination that leaves is noted as kept, so that the hourly look at kept delivery streams knows of it.
 * @see ../../docs/decisions/0017-a-name-for-a-destination-that-returns.md
 */
export async function nameDelivery(
  request: LifecycleRequest,
  ports: Pick<LifecyclePorts, 'stack' | 'kept' | 'stage' | 'now'>,
): Promise<Performed> {
  const properties = parseDelivery(request);
  const known = await markOf(request, properties, ports.stack);
  const mark = known ?? newMark(request);
  const ends = endsOf(mark, request, properties);
  if (known !== undefined) await noteLeaving(request, properties, { ends, ...ports });
  const fresh = `${properties.StreamName}/${properties.Destination}/${mark}`;
  return {
    kind: 'done',
    data: { ...ends },
    physicalId: request.PhysicalResourceId ?? fresh,
  };
}

/**
 * Notes a destination that leaves. One that is created while the stack has its delivery stream was noted in vain, by an
 * upgrade that was rolled back.
 */
async function noteLeaving(
  { RequestType }: LifecycleRequest,
  properties: DeliveryProperties,
  { ends, ...ports }: Pick<LifecyclePorts, 'kept' | 'stage' | 'now'> & { readonly ends: DeliveryEnds },
): Promise<void> {
  const { StreamName: streamName, Destination: destination } = properties;
  if (RequestType === 'Delete') await noteKept(properties, ends, ports);
  if (RequestType === 'Create')
    await ports.kept.takeBack({ streamName, destination, mark: ends.DeliveryStream });
}

/** @returns undefined for a destination that the stack does not have yet */
async function markOf(
  { RequestType, PhysicalResourceId: identity = '', StackId: stackId }: LifecycleRequest,
  { DeliveryStream: logicalId }: DeliveryProperties,
  stack: LifecyclePorts['stack'],
): Promise<string | undefined> {
  // CloudFormation invents an identity for a creation that it cancelled, and deletes that. Any mark will do then.
  if (RequestType !== 'Create') return markAtEnd(identity, '/');
  const name = await stack.physicalIdOf({ stackId, logicalId });
  if (name === undefined) return undefined;
  const mark = markAtEnd(name, '-');
  if (mark !== undefined) return mark;
  throw new RelayError(
    'UnknownName',
    `The delivery stream ${name} of this stack ends with no mark of eight hexadecimal digits, so it was not named by the relay. Take its destination out, deploy, and put it back.`,
  );
}

function markAtEnd(text: string, separator: string): string | undefined {
  return new RegExp(`${separator}([0-9a-f]{8})$`).exec(text)?.[1];
}

/** The same for a request that is delivered twice, and another one for each creation. */
function newMark({ RequestId, LogicalResourceId, StackId }: LifecycleRequest): string {
  return createHash('sha256')
    .update(`${StackId} ${LogicalResourceId} ${RequestId}`)
    .digest('hex')
    .slice(0, 8);
}

function endsOf(
  mark: string,
  { StackId }: LifecycleRequest,
  { Destination }: DeliveryProperties,
): DeliveryEnds {
  // A stack's id ends with a UUID, whose first part names what an earlier version made.
  return StackId.split('/')[2]?.startsWith(`${mark}-`) === true
    ? { DeliveryStream: mark, Logs: Destination, Copier: 'copier' }
    : { DeliveryStream: mark, Logs: `${Destination}/${mark}`, Copier: mark };
}
