import { deliveredDestinationFolder } from '../../../functions/stored/delivered-key.ts';
import type { WorldStream } from '../../world-streams.ts';
import { copierQueuesOf } from '../copier-queues.ts';
import type { LocalStage } from '../opened-stage.ts';
import type { PlannedFault } from './planned-fault.ts';
import { receiverFaults } from './receiver-faults.ts';
import type { S3Faults } from './s3-faults.ts';

/** A destination with the faults that it can have. */
export interface FaultyDestination {
  readonly stream: WorldStream;
  readonly name: string;
  /** `<stream>/<name>` */
  readonly key: string;
  readonly deliveryStream: string;
}

export type DestinationStage = Pick<LocalStage, 'world' | 'streams' | 'receivers'>;

export function faultyDestinations({
  streams,
}: Pick<DestinationStage, 'streams'>): readonly FaultyDestination[] {
  return streams.flatMap((stream) =>
    stream.destinations.map(({ name, deliveryStream }) => ({
      stream,
      name,
      key: `${stream.name}/${name}`,
      deliveryStream,
    })),
  );
}

/** Lists the faults of the destination itself, by its protocol. */
export function ownFaultsOf(
  { stream, name }: FaultyDestination,
  { world, receivers }: DestinationStage,
  s3: Pick<S3Faults, 'of'>,
): readonly PlannedFault[] {
  const received = receivers.of(stream.name, name);
  if (received === undefined)
    return s3.of(deliveredDestinationFolder({ streamName: stream.name, destination: name }));
  const copied = copierQueuesOf(stream, world).has(name);
  return receiverFaults(received, { clock: world.clock, copied });
}

/** Finds the fault that keeps a destination from taking any event until the fault ends. */
export function outageOf(
  destination: FaultyDestination,
  stage: DestinationStage,
  s3: Pick<S3Faults, 'of'>,
): PlannedFault {
  const copied = copierQueuesOf(destination.stream, stage.world).has(destination.name);
  const faults = ownFaultsOf(destination, stage, s3);
  // A copier waits in real time for a receiver that does not answer, and the whole run would wait with it.
  const found = faults.find(({ name }) => (copied ? name === 'refusals' : / ?outage$/.test(name)));
  if (found === undefined) throw new Error(`nothing here breaks ${destination.key}`);
  return found;
}
