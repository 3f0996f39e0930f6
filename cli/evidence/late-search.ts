import { eventId } from '../../functions/collector/answers/event-id.ts';
import { parseTimestamp } from '../../functions/collector/answers/event-timestamp.ts';
import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { findLate, type ReceiverAges } from '../../functions/collector/delivery/late-events.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { Bucket } from '../access/bucket.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import {
  type JournalPlace,
  listJournalDay,
  operatorCapBytes,
  readJournaled,
} from '../replay/sources/journal.ts';
import { type FoundLate, type LateInRun, lateOfRun, type TimedEvent } from './late-of-run.ts';
import { deliveryOf, type RunsOnRecord, standingOf } from './owed.ts';

/** The fate of a late event: not sent, or sent to a receiver that refuses, drops or re-dates it. */
export type Lateness = 'held-back' | 'refused' | 'dropped' | 're-dated';

export function latenessOf({ hold, otherwise }: ReceiverAges): Lateness {
  if (hold) return 'held-back';
  return ({ 'refuses-request': 'refused', drops: 'dropped', 're-dates': 're-dated' } as const)[otherwise];
}

/** Finds the events of journaled batches that were late for a destination when it was delivered to. */
export interface LateSearch {
  /** Takes note of a batch; undefined stands for one that is no array of events, and was delivered nowhere. */
  see(place: JournalPlace, batch: SeenBatch | undefined): Promise<void>;
  /**
   * The late events of the batches that were seen, by the name of each destination whose receiver has a limit. Reads
   * the rest of a run where its number of late events decides, and some of its batches were not seen.
   */
  found(): Promise<ReadonlyMap<string, FoundLate>>;
}

interface SeenBatch {
  readonly cut: Cut;
  readonly collectedAt: number;
}

/**
 * A batch was delivered after it was collected, and before its run was complete. An event that was too old, or too far
 * ahead, at both times was late at its delivery, and one that was late at neither was not. For those between, the number of late events
 * that the run has told decides as far as it can. All is judged by the function by which the collector judges.
 */
export function createLateSearch(
  { name: streamName, destinations, type }: Pick<DeployedStream, 'name' | 'destinations' | 'type'>,
  { bucket, runs, now }: LateSearchMeans,
): LateSearch {
  const limited = destinations.flatMap(({ name, ages, view }) =>
    ages === undefined ? [] : [{ name, ages, hasView: view !== undefined, runs: new Map<string, RunSeen>() }],
  );
  const seeAt = async (
    one: (typeof limited)[number],
    place: JournalPlace,
    { batch, asked }: { readonly batch: SeenBatch | undefined; readonly asked: boolean },
  ): Promise<void> => {
    if ((await standingOf(one.name, place, runs)) !== 'accepted') return;
    const { told, until, last } = await deliveryOf(one.name, place, { runs, now });
    if (told === 0) return;
    const { hasView } = one;
    const run = one.runs.get(place.run) ?? { place, told, last, hasView, seen: new Set(), events: [] };
    one.runs.set(place.run, run);
    if (run.seen.has(place.number)) return;
    run.seen.add(place.number);
    if (batch === undefined) return;
    const { cut, collectedAt } = batch;
    const first = findLate(cut, one.ages, collectedAt).marks;
    const final = findLate(cut, one.ages, until).marks;
    for (let index = 0; index < cut.count; index++) {
      const [before, after] = [first?.[index] === 1, final?.[index] === 1];
      if (!before && !after) continue;
      const bytes = cut.source.subarray(cut.starts[index]!, cut.ends[index]!);
      const time = parseTimestamp(cut.source, cut.timestamps.starts[index]!, cut.timestamps.ends[index]!)!;
      const change = changeOf({ before, after, isPassed: collectedAt < time && time < until });
      const event = { eventId: eventId(type, bytes), key: place.key, index };
      run.events.push({ event, number: place.number, asked, change, time });
    }
  };
  return {
    async see(place, batch) {
      for (const one of limited) await seeAt(one, place, { batch, asked: true });
    },
    async found() {
      for (const one of limited) {
        for (const run of one.runs.values()) {
          if (!needsTheRest(run)) continue;
          for (const place of await batchesOf(bucket, streamName, run))
            await seeAt(one, place, { batch: await readBatch(bucket, place), asked: false });
        }
      }
      return new Map(limited.map((one) => [one.name, joined([...one.runs.values()])]));
    },
  };
}

/** @param isPassed true of an event whose own time came between the two times that it was judged by */
function changeOf({
  before,
  after,
  isPassed,
}: Readonly<Record<'before' | 'after' | 'isPassed', boolean>>): TimedEvent['change'] {
  if (!before) return 'became-late';
  if (!after) return 'became-acceptable';
  return isPassed ? 'acceptable-between' : 'none';
}

export interface LateSearchMeans {
  readonly bucket: Bucket;
  readonly runs: RunsOnRecord;
  readonly now: number;
}

/** One run at one destination. */
interface RunSeen extends LateInRun {
  /** A batch of the run. */
  readonly place: JournalPlace;
  readonly seen: Set<number>;
  readonly events: TimedEvent[];
}

function needsTheRest({ seen, last, hasView, events }: RunSeen): boolean {
  return seen.size < last && (hasView || events.some(({ change }) => change !== 'none'));
}

async function batchesOf(
  bucket: Bucket,
  streamName: string,
  { place: { run, day }, seen }: RunSeen,
): Promise<readonly JournalPlace[]> {
  const places: JournalPlace[] = [];
  for await (const place of listJournalDay(bucket, { streamName, day, range: undefined }))
    if (place.run === run && !seen.has(place.number)) places.push(place);
  return places;
}

async function readBatch(bucket: Bucket, place: JournalPlace): Promise<SeenBatch | undefined> {
  const journaled = await readJournaled(bucket, place);
  const opened = openBatch(journaled, operatorCapBytes);
  return 'damaged' in opened ? undefined : { cut: opened.cut, collectedAt: journaled.collectedAt };
}

function joined(runs: readonly RunSeen[]): FoundLate {
  const each = runs.map(lateOfRun);
  return { late: each.flatMap(({ late }) => late), mayBeLate: each.flatMap(({ mayBeLate }) => mayBeLate) };
}
