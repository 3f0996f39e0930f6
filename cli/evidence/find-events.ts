import type { Cut } from '../../functions/collector/cut-events.ts';
import { eventId } from '../../functions/collector/event-id.ts';
import { parseTimestamp } from '../../functions/collector/event-timestamp.ts';
import { openBatch } from '../../functions/collector/open-batch.ts';
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

/** What is looked for: an event by its id, or events by some of their text as it was collected. */
export type Wanted = { readonly eventId: string } | { readonly contains: string };

export interface JournaledEvent {
  readonly eventId: string;
  readonly batch: JournalPlace;
  /** Within the batch, 0.. */
  readonly index: number;
  /** Mosaic's id of the stream. */
  readonly streamId: string;
  readonly collectedAt: number;
  /** The event's own time, where it tells one. */
  readonly timestamp: number | undefined;
  readonly bytes: Uint8Array;
}

export const mostFound = 20;

/**
 * Finds events in one stream's journal, the newest days first, and the batches there that cannot be searched.
 *
 * By id, a day that holds the event is the last that is read: the source may have repeated it before.
 */
export async function findEvents(
  bucket: Bucket,
  stream: DeployedStream,
  search: {
    readonly wanted: Wanted;
    readonly range: TimeRange | undefined;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly events: readonly JournaledEvent[]; readonly searched: number }> {
  const { wanted, range, signal } = search;
  const events: JournaledEvent[] = [];
  let searched = 0;
  for (const day of (await journalDays(bucket, stream.name, range)).toReversed()) {
    const places = listJournalDay(bucket, { streamName: stream.name, day, range });
    for await (const { place, batch } of readBatches(bucket, places)) {
      if (signal.aborted) throw new CommandError('interrupted', 130);
      if (!isWithin(range, batch.collectedAt)) continue;
      searched += 1;
      const opened = openBatch(batch, operatorCapBytes);
      if ('damaged' in opened) continue;
      const { cut } = opened;
      for (const index of matchesIn(cut, wanted, stream.type)) {
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
        if (events.length === mostFound) return { events, searched };
      }
    }
    if ('eventId' in wanted && events.length > 0) break;
  }
  return { events, searched };
}

function* matchesIn(cut: Cut, wanted: Wanted, type: string): Iterable<number> {
  const source = Buffer.from(cut.source.buffer, cut.source.byteOffset, cut.source.length);
  if ('contains' in wanted && !source.includes(wanted.contains)) return;
  for (let index = 0; index < cut.count; index++) {
    const event = source.subarray(cut.starts[index]!, cut.ends[index]!);
    if ('contains' in wanted ? event.includes(wanted.contains) : eventId(type, event) === wanted.eventId) {
      yield index;
    }
  }
}
