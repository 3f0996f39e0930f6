import type { Destination } from '../protocol/ports/destination.ts';
import { deliver } from './deliver.ts';
import type { DestinationSettings } from './destination-settings.ts';
import { createDeliveryFlow } from './flow.ts';
import { createDeliveryQueue } from './queue.ts';

export function createDestination(settings: DestinationSettings): Destination {
  return {
    name: settings.name,
    createQueue: (means) => createDeliveryQueue(settings, means),
    createFlow: (means) => createDeliveryFlow(settings.quotaBytesPerSecond, means),
    deliver: (batch, means) => deliver(batch, settings, means),
  };
}
