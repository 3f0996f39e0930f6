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
  isWithin,
  mayHold,
  type Opened,
  type SearchOptions,
  type TimeRange,
} from '../waiting.ts';

/** The journal's batches that were collected in the range, delivered or not. */
export async function searchJournal(options: SearchOptions): Promise<Found> {
  const { stream, marks, range, bucket } = options;
  const waiting: Found['waiting'][number][] = [];
  let replayedBefore = 0;
  for await (const place of listJournal(bucket, stream.name, range)) {
    const destinations: string[] = [];
    for (const name of options.destinations) if (!(await marks.has(name, place.key))) destinations.push(name);
    if (destinations.length === 0) replayedBefore += 1;
    else {
      waiting.push({
        source: 'journal',
        key: place.key,
        destinations,
        open: async () => openJournaled(await readJournaled(bucket, place), range),
        // The journal is the record of what was collected: nothing leaves it before its time.
        settle: async () => undefined,
      });
    }
  }
  return { waiting, replayedBefore, problems: [] };
}

export interface JournalPlace extends ListedObject, Pick<JournalKey, 'run' | 'day' | 'number'> {}

/** The journal's objects that can hold what was collected in the range, by day and run. */
export async function* listJournal(
  bucket: Bucket,
  streamName: string,
  range: TimeRange | undefined,
): AsyncIterable<JournalPlace> {
  for (const day of await journalDays(bucket, streamName, range)) {
    yield* listJournalDay(bucket, { streamName, day, range });
  }
}

/** Ascending: the days on which runs started that can have collected in the range. */
export async function journalDays(
  bucket: Bucket,
  streamName: string,
  range: TimeRange | undefined,
): Promise<readonly string[]> {
  const days = (await bucket.folders(journalPrefix(streamName))).map((folder) => folder.slice(0, -1));
  return days.filter((day) => {
    const startedAt = Date.parse(day);
    // A run journals under the day it started, and lasts no more than minutes. What a witness adds to an hour counts
    // as started when the hour ended: what belongs to a day's last hour lies under the next day.
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

/** Spares reading what was journaled at another time: a recovery is written hours later, and its id tells the hour. */
function mayBeOf(range: TimeRange, { run, modifiedAt }: JournalPlace): boolean {
  const recovered = recoveredHour(run);
  if (recovered !== undefined) return recovered < range.to && recovered + hourMs > range.from;
  return mayHold(range, modifiedAt) && modifiedAt < range.to + latestPutMs;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The longest that a function runs, what a PUT may land after its end, and as much for two clocks. */
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

/** What a batch may decompress to on an operator's machine, which has more memory than a function. */
export const operatorCapBytes = 1024 * 1024 * 1024;
