import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { journalRunFolder, readJournalKey } from '../../functions/stored/journal-key.ts';
import type { OpenRun } from '../../functions/stored/open-item.ts';
import { dayName } from '../../functions/stored/utc-day.ts';
import { type Counted, nothingCounted, type ObjectEvents } from '../../functions/stored/waiting-events.ts';
import type { ListedObject } from '../access/bucket.ts';
import { operatorCapBytes, readJournaled } from '../replay/sources/journal.ts';
import { countObjects, mostListed } from './count-objects.ts';
import type { StoredPlaces } from './stored-places.ts';

/** What destinations are owed of open runs. */
export interface Owed {
  /** Every destination that is owed something, a removed one too. */
  readonly destinations: readonly string[];
  of(destination: string): Promise<Counted & { readonly batches: number }>;
  /** Since when the oldest run waits that some destination lacks batches of, milliseconds since the epoch. */
  readonly since?: number;
  /** True where a run that is not at work any more has left something of the destination. */
  isLeft(destination: string): boolean;
}

/**
 * Lists the batches of open runs.
 *
 * @param now a run that is not sealed by then may still be at work
 */
export async function readOwed(open: readonly OpenRun[], places: StoredPlaces, now: number): Promise<Owed> {
  const { bucket, known, streamName } = places;
  const owed = new Map<string, { objects: ListedObject[]; since: number; isLeft: boolean }>();
  let listed = 0;
  let isCut = false;
  for (const run of open.toSorted((one, other) => one.startedAt - other.startedAt)) {
    if (listed >= mostListed) {
      isCut = true;
      break;
    }
    const folder = journalRunFolder({ streamName, day: dayName(run.startedAt), run: run.run });
    for await (const object of bucket.list(folder)) {
      listed += 1;
      const number = readJournalKey(object.key)?.number ?? 0;
      for (const [destination, done] of Object.entries(run.done)) {
        if (number <= done) continue;
        const since = run.owedSince ?? run.startedAt;
        const of = owed.get(destination) ?? { objects: [], since, isLeft: false };
        of.objects.push(object);
        of.since = Math.min(of.since, since);
        of.isLeft ||= run.sealAfter <= now;
        owed.set(destination, of);
      }
    }
  }
  const oldest = Math.min(...[...owed.values()].map(({ since }) => since));
  return {
    destinations: [...owed.keys()],
    ...(owed.size === 0 ? {} : { since: oldest }),
    async of(destination) {
      const of = owed.get(destination);
      if (of === undefined) return { ...nothingCounted, batches: 0 };
      const read = async (object: ListedObject): Promise<ObjectEvents> => {
        const { run = '', day = '', number = 0 } = readJournalKey(object.key) ?? {};
        const opened = openBatch(
          await readJournaled(bucket, { ...object, run, day, number }),
          operatorCapBytes,
        );
        return 'damaged' in opened ? { events: 1, atLeast: true } : { events: opened.cut.count };
      };
      const { amount } = await countObjects(of.objects, { read, known, isCut });
      return { amount, since: of.since, batches: of.objects.length };
    },
    isLeft: (destination) => owed.get(destination)?.isLeft ?? false,
  };
}
