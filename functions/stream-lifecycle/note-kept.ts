import { deliveryStreamNameOf } from '../stored/delivery-stream-name.ts';
import type { DeliveryEnds, DeliveryProperties } from './contract.ts';
import type { LifecyclePorts } from './ports.ts';

/**
 * Time before its removal from which the objects of a delivery stream are told to its copier's queue again. The bucket
 * stops to tell the queue early in a deploy, and CloudFormation lets go of the destination at its end. A receiver that
 * knows no names, such as Sentinel, gets the events of this time twice.
 */
const deployMs = 2 * 3_600_000;

/** Notes a destination that has left the settings, and whose delivery stream is kept. */
export async function noteKept(
  { StreamName, Destination, Queue, DeadLetters }: DeliveryProperties,
  { DeliveryStream: mark, Copier: copierEnd }: Pick<DeliveryEnds, 'DeliveryStream' | 'Copier'>,
  { kept, stage, now }: Pick<LifecyclePorts, 'kept' | 'stage' | 'now'>,
): Promise<void> {
  const names = { stage, stream: StreamName, destination: Destination, mark };
  const removedAt = now();
  await kept.note({
    streamName: StreamName,
    destination: Destination,
    mark,
    deliveryStream: deliveryStreamNameOf(names),
    removedAt,
    toldUntil: removedAt - deployMs,
    queueUrl: Queue,
    deadLetterUrl: DeadLetters,
    copierEnd,
  });
}
