import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import type { Bucket } from '../access/bucket.ts';
import { readBatches } from '../evidence/journal-window.ts';
import { type JournalPlace, listJournal, operatorCapBytes } from '../replay/sources/journal.ts';
import { isWithin, type TimeRange } from '../replay/waiting.ts';
import type { Preview } from './preview.ts';

/** Shows a preview the batches of a time range, or a sample of them that is spread over the range. */
export async function previewJournal(
  preview: Pick<Preview, 'add' | 'totals'>,
  { bucket, streamName, range, sample, signal }: PreviewedJournal,
): Promise<ReadJournal> {
  const places: JournalPlace[] = [];
  for await (const place of listJournal(bucket, streamName, range)) places.push(place);
  const bytes = (some: readonly JournalPlace[]) => some.reduce((sum, { size }) => sum + size, 0);
  const read: JournalPlace[] = [];
  let batches = 0;
  let damaged = 0;
  const order = sample === undefined ? places : spread(places);
  for await (const { place, batch } of readBatches(bucket, inTurn(order))) {
    if (signal?.aborted) break;
    read.push(place);
    if (!isWithin(range, batch.collectedAt)) continue;
    batches += 1;
    const opened = openBatch(batch, operatorCapBytes);
    if ('damaged' in opened) damaged += 1;
    else preview.add(opened);
    if (sample !== undefined && preview.totals.events >= sample) break;
  }
  const isWhole = read.length === places.length;
  return {
    ...{ batches, damaged, isWhole },
    factor: isWhole || read.length === 0 ? 1 : bytes(places) / Math.max(1, bytes(read)),
  };
}

export interface PreviewedJournal {
  readonly bucket: Bucket;
  /** The stream's stable name. */
  readonly streamName: string;
  readonly range: TimeRange;
  /** About how many events are read, in whole batches; absent for all. */
  readonly sample?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface ReadJournal {
  readonly batches: number;
  /** Batches that are no arrays of events: they lie in quarantine, and no destination has them. */
  readonly damaged: number;
  /** False where a sample was read. */
  readonly isWhole: boolean;
  /** The journal's bytes of the range over those that were read, by which counts are reckoned up. */
  readonly factor: number;
}

/** An order in which every beginning is spread over the whole, as well as multiples of the golden ratio are. */
function spread<Item>(items: readonly Item[]): readonly Item[] {
  const placed = items.map((item, index) => ({ item, at: ((index + 1) * goldenRatio) % 1 }));
  return placed.toSorted((one, other) => one.at - other.at).map(({ item }) => item);
}

const goldenRatio = (Math.sqrt(5) - 1) / 2;

async function* inTurn<Item>(items: readonly Item[]): AsyncIterable<Item> {
  yield* items;
}
