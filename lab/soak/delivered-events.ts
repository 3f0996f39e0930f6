import { hash } from 'node:crypto';
import type { Simulator } from '@mosaic-relay/mosaic-simulator';
import { deliveredLines } from '../../functions/stored/delivered-object.ts';
import { journalPrefix, readJournalKey } from '../../functions/stored/journal-key.ts';
import { readDeliveredLine } from '../../local/run/delivered-line.ts';
import { createCounts } from '../../local/run/id-table.ts';
import { s3PlaceOf } from '../../local/run/s3-holding.ts';
import type { SourceCounts } from '../../local/run/watch.ts';
import type { World } from '../../local/world.ts';
import type { WorldStream } from '../../local/world-streams.ts';
import { journaledEvents, openRunsOf } from './journaled-events.ts';
import type { StoredObjects } from './stored-objects.ts';

/**
 * Takes the finished objects from one stream's S3: delivered objects, and the journal of closed runs. It compares
 * each event, by its id and byte for byte, with those that Mosaic raised, counts it and removes the object. So the
 * disk holds minutes of a run, and memory holds two counts an event.
 */
export function watchDelivered(
  stream: WorldStream,
  { world, simulator, source, objects, onLag }: DeliveredMeans,
): DeliveredEvents {
  const recognise = (bytes: Buffer) => simulator.recognise(`${stream.type}/${stream.id}`, bytes);
  const idStart = Buffer.from(`${stream.type}\n`);
  /** By the definition in functions/collector/answers/event-id.ts. */
  const idOf = (event: Buffer) => hash('sha256', Buffer.concat([idStart, event])).slice(0, 32);
  const delivered = createCounts();
  const journaled = createCounts();
  const place = placeOf(stream, world);
  let foreign = 0;
  let altered = 0;
  let journalForeign = 0;
  let taken = 0;

  /** Counts one line. @returns the time at which the event was raised, by its own timestamp */
  const takeLine = (line: Buffer): number | undefined => {
    taken += 1;
    const read = readDeliveredLine(line);
    const event = read?.events.find((bytes) => idOf(bytes) === read.id);
    if (event === undefined) altered += 1;
    const raised = event && recognise(event);
    if (event !== undefined && raised === undefined) foreign += 1;
    if (raised !== undefined) delivered.add(raised.index);
    return raised?.timestamp;
  };
  const takeDelivered = (body: Buffer, writtenAt: number): void => {
    let oldest = Number.POSITIVE_INFINITY;
    for (const line of deliveredLines(body)) oldest = Math.min(oldest, takeLine(line) ?? oldest);
    if (Number.isFinite(oldest)) onLag(writtenAt, writtenAt - oldest);
  };

  return {
    get taken() {
      return taken;
    },
    async take() {
      for (const object of await objects.list(place.bucket, place.prefix))
        await objects.take(object, (body) => takeDelivered(body, object.writtenAt));
      const found = await objects.list(stream.settings.bucket, journalPrefix(stream.name));
      // The open runs are read after the listing: every unfinished run that it shows is among them.
      const open = await openRunsOf(stream, world);
      for (const object of found) {
        const batch = readJournalKey(object.key);
        if (batch === undefined || open.includes(batch.run)) continue;
        await objects.take(object, (received, metadata) => {
          for (const event of journaledEvents(received, metadata, stream)) {
            const raised = recognise(event);
            if (raised === undefined) journalForeign += 1;
            else journaled.add(raised.index);
          }
        });
      }
    },
    compare() {
      const compared = { generated: source.generated(stream), delivered: 0, missing: 0, duplicates: 0 };
      let journalEqual = journalForeign === 0;
      for (let index = 0; index < compared.generated; index += 1) {
        const copies = delivered.of(index);
        if (copies === 0) compared.missing += 1;
        else compared.delivered += 1;
        compared.duplicates += Math.max(0, copies - 1);
        if (journaled.of(index) !== 1) journalEqual = false;
      }
      return { ...compared, foreign, altered, journalEqual };
    },
  };
}

export interface DeliveredMeans {
  readonly world: World;
  readonly simulator: Pick<Simulator, 'recognise'>;
  readonly source: Pick<SourceCounts, 'generated'>;
  readonly objects: StoredObjects;
  /** Called for each delivered object with the time of its writing and the age of its oldest event then. */
  readonly onLag: (at: number, ms: number) => void;
}

export interface DeliveredEvents {
  /** Lines compared by now. */
  readonly taken: number;
  take(): Promise<void>;
  compare(): Compared;
}

export interface Compared {
  readonly generated: number;
  readonly delivered: number;
  readonly missing: number;
  readonly duplicates: number;
  /** Delivered events that were never raised. */
  readonly foreign: number;
  /** Lines whose bytes do not have the id that they carry. */
  readonly altered: number;
  /** The journal held each event that was raised, once, and no other. */
  readonly journalEqual: boolean;
}

function placeOf(stream: WorldStream, world: World) {
  const [destination] = stream.destinations;
  const resource = world.deployment
    .byType('AWS::KinesisFirehose::DeliveryStream')
    .find(({ physicalId }) => physicalId === destination?.deliveryStream);
  const place = resource && s3PlaceOf(resource.properties);
  if (place === undefined) throw new Error(`${stream.name} has no destination in S3`);
  return place;
}
