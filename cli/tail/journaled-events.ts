import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { openCutOff } from '../../functions/collector/answers/whole-events.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { Bucket } from '../access/bucket.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import { readAhead } from '../access/read-ahead.ts';
import {
  type JournalPlace,
  listJournal,
  operatorCapBytes,
  readJournaled,
} from '../replay/sources/journal.ts';
import type { PassingEvent } from './passing-event.ts';

/**
 * Reads the events of a stream's journal that were collected from a moment on. A second call reads only batches that were written
 * since the first.
 */
export function journaledEvents(
  bucket: Bucket,
  stream: DeployedStream,
  from: number,
): () => AsyncIterable<PassingEvent> {
  const read = new Set<string>();
  const range = { from, to: Number.MAX_SAFE_INTEGER };
  return async function* () {
    const places = unread(listJournal(bucket, stream.name, range), read);
    const batches = readAhead(places, (place) => readJournaled(bucket, place));
    for await (const batch of batches) {
      if (batch.collectedAt < from) continue;
      const opened = openBatch(batch, operatorCapBytes);
      // What is no list of events has no events to show: relay status counts it in quarantine.
      const cut = 'damaged' in opened ? openCutOff(opened, operatorCapBytes)?.cut : opened.cut;
      if (cut !== undefined) yield* eventsOf(cut, { stream, collectedAt: batch.collectedAt });
    }
  };
}

async function* unread(places: AsyncIterable<JournalPlace>, read: Set<string>): AsyncIterable<JournalPlace> {
  for await (const place of places) {
    if (read.has(place.key)) continue;
    read.add(place.key);
    yield place;
  }
}

function* eventsOf(cut: Cut, facts: Pick<PassingEvent, 'stream' | 'collectedAt'>): Iterable<PassingEvent> {
  const line = Buffer.from(cut.singleLine.buffer, cut.singleLine.byteOffset, cut.singleLine.length);
  for (let index = 0; index < cut.count; index += 1) {
    const text = line.toString('utf8', cut.starts[index], cut.ends[index]);
    yield { ...facts, ...activityOf(cut, index), text };
  }
}

/** The activity of one event of a cut. */
export function activityOf({ source, activities }: Cut, index: number): Pick<PassingEvent, 'activity'> {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.length);
  const json = bytes.toString('utf8', activities.starts[index], activities.ends[index]);
  return json.startsWith('"') ? { activity: JSON.parse(json) as string } : {};
}
