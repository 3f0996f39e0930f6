import { eventId } from '../../functions/collector/answers/event-id.ts';
import { parseTimestamp } from '../../functions/collector/answers/event-timestamp.ts';
import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { Bucket } from '../access/bucket.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import { CommandError } from '../command.ts';
import {
  type JournalPlace,
  journalDays,
  listJournalDay,
  operatorCapBytes,
} from '../replay/sources/journal.ts';
import { isWithin, type TimeRange } from '../replay/waiting.ts';
import { readBatches } from './journal-window.ts';
import { type SearchedDamage, searchDamaged } from './search-damaged.ts';
import type { SoughtEvent } from './sought-event.ts';
import type { OpenedKey } from './view-secret.ts';

export interface JournaledEvent {
  readonly eventId: string;
  readonly batch: JournalPlace;
  /** Within the batch, 0.. */
  readonly index: number;
  /** Mosaic's id of the stream. */
  readonly streamId: string;
  readonly collectedAt: number;
  /** The event's own time; undefined where it has none that can be read. */
  readonly timestamp: number | undefined;
  readonly bytes: Uint8Array;
}

export const mostFound = 20;

export interface Search {
  readonly events: readonly JournaledEvent[];
  /** Batches that were read. */
  readonly searched: number;
  /** Batches among these that are no arrays of events, and hold the text or cannot be searched. */
  readonly damaged: readonly SearchedDamage[];
}

/**
 * Finds events in one stream's journal, the newest days first, and names the damaged batches that may hold more.
 *
 * A search by id ends with the first day that holds the event; the source may have repeated the event on earlier
 * days.
 */
export async function findEvents(
  bucket: Bucket,
  stream: DeployedStream,
  search: {
    readonly wanted: SoughtEvent;
    readonly range: TimeRange | undefined;
    /** Of the keys of the stream's views: an event is found by the ids that they make, too. */
    readonly keys?: readonly OpenedKey[];
    readonly signal: AbortSignal;
  },
): Promise<Search> {
  const { wanted, range, signal, keys = [] } = search;
  const hasId = ofId(wanted, keys);
  const events: JournaledEvent[] = [];
  const damaged: SearchedDamage[] = [];
  let searched = 0;
  for (const day of (await journalDays(bucket, stream.name, range)).toReversed()) {
    const places = listJournalDay(bucket, { streamName: stream.name, day, range });
    for await (const { place, batch } of readBatches(bucket, places)) {
      if (signal.aborted) throw new CommandError('interrupted', 130);
      if (!isWithin(range, batch.collectedAt)) continue;
      searched += 1;
      const opened = openBatch(batch, operatorCapBytes);
      if ('damaged' in opened) {
        const damage = searchDamaged(opened, place, wanted);
        if (damage.holds !== false) damaged.push(damage);
        continue;
      }
      const { cut } = opened;
      for (const index of matchesIn(cut, { wanted, hasId }, stream.type)) {
        const bytes = cut.source.subarray(cut.starts[index]!, cut.ends[index]!);
        events.push({
          eventId: eventId(stream.type, bytes),
          batch: place,
          index,
          streamId: batch.stream,
          collectedAt: batch.collectedAt,
          timestamp: parseTimestamp(cut.source, cut.timestamps.starts[index]!, cut.timestamps.ends[index]!),
          bytes,
        });
        if (events.length === mostFound) return { events, searched, damaged };
      }
    }
    if ('eventId' in wanted && events.length > 0) break;
  }
  // If the id was found, batches whose ids cannot be read need no mention.
  return { events, searched, damaged: 'eventId' in wanted && events.length > 0 ? [] : damaged };
}

function* matchesIn(
  cut: Cut,
  { wanted, hasId }: { readonly wanted: SoughtEvent; readonly hasId: (rawId: string) => boolean },
  type: string,
): Iterable<number> {
  const source = Buffer.from(cut.source.buffer, cut.source.byteOffset, cut.source.length);
  if ('contains' in wanted && !source.includes(wanted.contains)) return;
  for (let index = 0; index < cut.count; index++) {
    const event = source.subarray(cut.starts[index]!, cut.ends[index]!);
    if ('contains' in wanted ? event.includes(wanted.contains) : hasId(eventId(type, event))) yield index;
  }
}

/** The sought id is that of the raw event, or the one that lines of a view with members changed have. */
function ofId(wanted: SoughtEvent, keys: readonly OpenedKey[]): (rawId: string) => boolean {
  if ('contains' in wanted) return () => false;
  const makers = keys.flatMap(({ idOf }) => idOf ?? []);
  return (rawId) => rawId === wanted.eventId || makers.some((idOf) => idOf(rawId) === wanted.eventId);
}
