import { appendFile } from 'node:fs/promises';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { isWrittenFor } from '../../functions/stored/delivery-stream-name.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { BucketReader } from './bucket-reader.ts';
import { eachLineOf, keepObject } from './delivered-files.ts';
import { isOwnLine, linesFile } from './receivers/receiver-holding.ts';
import type { Receivers } from './receivers/start-receivers.ts';
import { deliveryPlaceOf } from './s3-holding.ts';

/** Visits the lines that a destination has got since the last call, and leaves them in the folder of delivered objects. */
export type NewDeliveries = (visit: (line: Buffer) => void) => Promise<void>;

export interface DeliveriesOf {
  readonly world: World;
  readonly receivers: Pick<Receivers, 'of'>;
  readonly reader: BucketReader;
  /** Absolute. */
  readonly folder: string;
}

/** Follows one destination while a run goes on. The end of the run writes the same files anew, as a whole. */
export function newDeliveries(
  stream: WorldStream,
  { name, deliveryStream }: WorldStream['destinations'][number],
  { world, receivers, reader, folder }: DeliveriesOf,
): NewDeliveries {
  const received = receivers.of(stream.name, name);
  const known = new Set<string>();
  if (received?.objects !== undefined) {
    const { objects } = received;
    const own = deliveredDestinationFolder({ streamName: stream.name, destination: name });
    return async (visit) => {
      for (const object of objects()) {
        if (!object.key.startsWith(own) || known.has(object.key)) continue;
        known.add(object.key);
        await eachLineOf(await keepObject(folder, object), visit);
      }
    };
  }
  if (received !== undefined) {
    const isOwn = isOwnLine({ received, streamIds: [stream.id] });
    let count = 0;
    return async (visit) => {
      const lines: Buffer[] = [];
      let index = 0;
      await received.receiver.eachLine((line) => {
        index += 1;
        if (index > count) lines.push(Buffer.from(line));
      });
      count = index;
      if (lines.length > 0)
        await appendFile(
          linesFile({ stream: stream.name, name, received, folder }),
          lines.map((line) => `${line}\n`).join(''),
        );
      for (const line of lines) if (isOwn(line)) visit(line);
    };
  }
  const place = deliveryPlaceOf(deliveryStream, world);
  return async (visit) => {
    if (place === undefined) return;
    for await (const { key } of reader.list(place.bucket, place.prefix)) {
      if (known.has(key) || !isWrittenFor(deliveryStream, key)) continue;
      const { body } = await reader.get(place.bucket, key);
      known.add(key);
      await eachLineOf(await keepObject(folder, { bucket: place.bucket, key, body }), visit);
    }
  };
}
