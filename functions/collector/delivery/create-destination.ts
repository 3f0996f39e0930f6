import type { DestinationPort } from '../protocol/ports/destination.ts';
import { deliver } from './deliver.ts';
import type { DeliverySettings } from './delivery-settings.ts';
import { createDeliveryFlow } from './flow.ts';
import { createDeliveryQueue } from './queue.ts';

export function createDestination(settings: DeliverySettings): DestinationPort {
  return {
    name: settings.name,
    memberDepth: settings.view?.memberDepth,
    createQueue: (means) => createDeliveryQueue(settings, means),
    createFlow: (means) => createDeliveryFlow(settings.quotaBytesPerSecond, means),
    deliver: (batch, means) => deliver(batch, settings, means),
  };
}
