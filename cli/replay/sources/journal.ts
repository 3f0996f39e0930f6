import { readBatch } from '../../../functions/collector/adapters/s3-journal.ts';
import { openBatch } from '../../../functions/collector/answers/open-batch.ts';
import {
  type JournalKey,
  journalDayFolder,
  journalPrefix,
  readJournalKey,
} from '../../../functions/stored/journal-key.ts';
import type { JournaledBatch } from '../../../functions/stored/journaled-batch.ts';
import { recoveredHour, recoveryRuns } from '../../../functions/stored/recovery-run.ts';
import type { Bucket, ListedObject } from '../../access/bucket.ts';
import { linesOfEvents } from '../lines.ts';
import {
  type Found,
  isOwed,
  isWithin,
  mayHold,
  type Opened,
  type SearchOptions,
  type TimeRange,
} from '../waiting.ts';

/** Finds the journal's batches that were collected in the range, delivered or not. */
export async function searchJournal(options: SearchOptions): Promise<Found> {
  const { stream, range, bucket } = options;
  const waiting: Found['waiting'][number][] = [];
  let replayedBefore = 0;
  for await (const place of listJournal(bucket, stream.name, range)) {
    const destinations: string[] = [];
    for (const name of options.destinations)
      if (await isOwed(options, name, place.key)) destinations.push(name);
    if (destinations.length === 0) replayedBefore += 1;
    else {
      waiting.push({
        source: 'journal',
        key: place.key,
        destinations,
        open: async () => openJournaled(await readJournaled(bucket, place), range),
        // The journal is the record of the collecting: no object leaves it before its lifetime ends.
        settle: async () => undefined,
      });
    }
  }
  return { waiting, replayedBefore, problems: [] };
}

export interface JournalPlace extends ListedObject, Pick<JournalKey, 'run' | 'day' | 'number'> {}

/** Lists the journal's objects that can hold events collected in the range, by day and run. */
export async function* listJournal(
  bucket: Bucket,
  streamName: string,
  range: TimeRange | undefined,
): AsyncIterable<JournalPlace> {
  for (const day of await journalDays(bucket, streamName, range)) {
    yield* listJournalDay(bucket, { streamName, day, range });
  }
}

/** Lists, ascending, the days on which runs started that can have collected in the range. */
export async function journalDays(
  bucket: Bucket,
  streamName: string,
  range: TimeRange | undefined,
): Promise<readonly string[]> {
  const days = (await bucket.folders(journalPrefix(streamName))).map((folder) => folder.slice(0, -1));
  return days.filter((day) => {
    const startedAt = Date.parse(day);
    // A run journals under the day of its start, and lasts minutes at most. A recovery counts as started when its
    // hour ended, so the recovery of a day's last hour is under the next day.
    return range === undefined || (startedAt < range.to + hourMs && startedAt + 2 * dayMs > range.from);
  });
}

export async function* listJournalDay(
  bucket: Bucket,
  of: { readonly streamName: string; readonly day: string; readonly range: TimeRange | undefined },
): AsyncIterable<JournalPlace> {
  const { range, day } = of;
  const folder = journalDayFolder(of);
  const begunLater = range !== undefined && Date.parse(day) >= range.to;
  for await (const object of bucket.list(begunLater ? folder + recoveryRuns : folder)) {
    const batch = readJournalKey(object.key);
    if (batch === undefined) continue;
    const place = { ...object, run: batch.run, day, number: batch.number };
    if (range === undefined || mayBeOf(range, place)) yield place;
  }
}

/**
 * False where the object cannot hold events of the range, which saves reading it. A recovery is written hours
 * after its hour, which its id names.
 */
function mayBeOf(range: TimeRange, { run, modifiedAt }: JournalPlace): boolean {
  const recovered = recoveredHour(run);
  if (recovered !== undefined) return recovered < range.to && recovered + hourMs > range.from;
  return mayHold(range, modifiedAt) && modifiedAt < range.to + latestPutMs;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The longest run of a function, the time in which a late PUT may land, and as much for two clocks. */
const latestPutMs = (15 + 5 + 10) * 60_000;

export async function readJournaled(bucket: Bucket, place: JournalPlace): Promise<JournaledBatch> {
  const run = { run: place.run, startedAt: Date.parse(place.day) };
  return readBatch(bucket.client, bucket.name, place.key, { run, number: place.number });
}

function openJournaled(batch: JournaledBatch, range: TimeRange | undefined): Opened {
  if (!isWithin(range, batch.collectedAt)) return { kind: 'out-of-range' };
  const opened = openBatch(batch, operatorCapBytes);
  if ('damaged' in opened) return { kind: 'unusable', reason: `${opened.damaged}: it lies in quarantine` };
  return { kind: 'lines', lines: linesOfEvents(opened), problems: [] };
}

/** Bytes that a batch may decompress to on an operator's machine, which has more memory than a function. */
export const operatorCapBytes = 1024 * 1024 * 1024;
