import { eventId, eventIdLength, eventIds } from '../../functions/collector/answers/event-id.ts';
import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { openCutOff } from '../../functions/collector/answers/whole-events.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { JournaledBatch } from '../../functions/stored/journaled-batch.ts';
import type { Bucket } from '../access/bucket.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import { readAhead } from '../access/read-ahead.ts';
import {
  type JournalPlace,
  listJournal,
  operatorCapBytes,
  readJournaled,
} from '../replay/sources/journal.ts';
import { isWithin, type TimeRange } from '../replay/waiting.ts';
import type { LateSearch } from './late-search.ts';

/** The journal's events of a time range: every event's id, and its first place. */
export interface JournalWindow {
  readonly batches: number;
  /** Events with every copy counted. */
  readonly events: number;
  readonly ids: ReadonlyMap<string, EventPlace>;
  /**
   * Batches that are no arrays of events, which are or were in quarantine. The whole events of a batch that was
   * cut off count as events.
   */
  readonly damaged: readonly JournalPlace[];
}

export interface EventPlace {
  readonly batch: JournalPlace;
  /** Within the batch, 0.. */
  readonly index: number;
  /** The id of the event without its line breaks, which no delivered line has; set where the event has any. */
  readonly singleLineId?: string;
  /** Later places of the same event. Their runs may owe it to other destinations. */
  readonly again: EventPlace[];
}

export async function readJournalWindow(
  bucket: Bucket,
  stream: DeployedStream,
  { range, see }: { readonly range: TimeRange; readonly see: LateSearch['see'] },
): Promise<JournalWindow> {
  const ids = new Map<string, EventPlace>();
  const damaged: JournalPlace[] = [];
  let batches = 0;
  let events = 0;
  for await (const { place, batch, isWhole, cut } of openWindow(bucket, stream, range)) {
    batches += 1;
    if (!isWhole) damaged.push(place);
    await see(place, isWhole && cut !== undefined ? { cut, collectedAt: batch.collectedAt } : undefined);
    if (cut === undefined) continue;
    const hashes = eventIds(cut, stream.type);
    events += cut.count;
    for (let index = 0; index < cut.count; index++) {
      const id = hashes.toString('latin1', index * eventIdLength, (index + 1) * eventIdLength);
      const here = { batch: place, index, ...singleLineIdOf(cut, index, stream.type), again: [] };
      const first = ids.get(id);
      if (first === undefined) ids.set(id, here);
      else first.again.push(here);
    }
  }
  return { batches, events, ids, damaged };
}

/** A batch that was collected in the window. */
export interface WindowBatch {
  readonly place: JournalPlace;
  readonly batch: JournaledBatch;
  /** False where it is no array of events. */
  readonly isWhole: boolean;
  /** Its events, or the whole events of a batch that was cut off; undefined where it has none. */
  readonly cut: Cut | undefined;
}

export async function* openWindow(
  bucket: Bucket,
  { name }: Pick<DeployedStream, 'name'>,
  range: TimeRange,
): AsyncIterable<WindowBatch> {
  for await (const { place, batch } of readBatches(bucket, listJournal(bucket, name, range))) {
    if (!isWithin(range, batch.collectedAt)) continue;
    const opened = openBatch(batch, operatorCapBytes);
    const isWhole = !('damaged' in opened);
    yield {
      ...{ place, batch, isWhole },
      cut: isWhole ? opened.cut : openCutOff(opened, operatorCapBytes)?.cut,
    };
  }
}

export function readBatches(
  bucket: Bucket,
  places: AsyncIterable<JournalPlace>,
): AsyncIterable<{ readonly place: JournalPlace; readonly batch: JournaledBatch }> {
  return readAhead(places, async (place) => ({ place, batch: await readJournaled(bucket, place) }));
}

function singleLineIdOf(cut: Cut, index: number, type: string): Pick<EventPlace, 'singleLineId'> {
  if (cut.singleLine === cut.source) return {};
  return { singleLineId: eventId(type, cut.singleLine.subarray(cut.starts[index]!, cut.ends[index]!)) };
}
