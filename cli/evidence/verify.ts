import { erasedFolder, readErasedMarkKey } from '../../functions/stored/erased-mark.ts';
import { quarantinePrefix, readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import { dayMs } from '../../functions/stored/utc-day.ts';
import { type Bucket, createBucket } from '../access/bucket.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { stateOf } from '../access/open-relay.ts';
import { CommandError } from '../command.ts';
import type { TimeRange } from '../replay/waiting.ts';
import { compareWindow } from './compare-window.ts';
import { readJournalWindow } from './journal-window.ts';
import { openKeptViews } from './kept-views.ts';
import type { LateEvent } from './late-of-run.ts';
import { createLateSearch, type Lateness, type LateSearch, latenessOf } from './late-search.ts';
import { readRuns } from './owed.ts';
import { hourMs, type ReadableDestination, readableDestinationOf } from './readable-destination.ts';
import { createSeenWindows } from './seen-window.ts';
import { type ComparisonContext, type DestinationEvidence, emptyEvidence } from './window-comparison.ts';

/**
 * Compares the journaled events of a time range with the objects of a stream's S3 and GCS destinations, event by
 * event: the delivered bytes must be the journaled ones. It reads the journal hour by hour, and a destination from
 * that hour on until every event is found. A line that a view made is made again from journal and view.
 */
export async function verifyStream(
  relay: DeployedRelay,
  stream: DeployedStream,
  options: { readonly range: TimeRange; readonly onWindow?: (from: number) => void },
): Promise<StreamEvidence> {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const compared: Compared[] = [];
  const notReadable: NotReadable[] = [];
  for (const destination of stream.destinations) {
    const { name } = destination;
    const holding = await orWhyNot(name, notReadable, () =>
      readableDestinationOf(destination, relay, stream),
    );
    if (holding !== undefined) compared.push({ destination, holding, evidence: emptyEvidence(holding) });
    else if (!notReadable.some((each) => each.name === name)) notReadable.push({ name });
  }
  const views = openKeptViews(relay, stream);
  const context: ComparisonContext = {
    ...{ type: stream.type, now: relay.now(), views },
    runs: await readRuns(stateOf(relay, stream)),
    quarantine: await quarantineOf(bucket, stream),
  };
  const late = createLateSearch(stream, { ...context, bucket });
  const totals = { batches: 0, events: 0, distinct: 0, damagedBatches: 0 };
  const erasedBatches = await countErased(bucket, stream.name, options.range);
  for (const window of windowsOf(options.range)) {
    options.onWindow?.(window.from);
    const journal = await readJournalWindow(bucket, stream, { range: window, see: late.see });
    totals.batches += journal.batches;
    totals.events += journal.events;
    totals.distinct += journal.ids.size;
    totals.damagedBatches += journal.damaged.length;
    const seenBy = createSeenWindows({ bucket, stream, views, stage: relay.stage }, window);
    for (const { destination, holding, evidence } of compared) {
      if (notReadable.some(({ name }) => name === holding.name)) continue;
      await orWhyNot(holding.name, notReadable, () =>
        compareWindow({ journal, destination, holding, window, seenBy, evidence }, context),
      );
    }
  }
  const unusable = views.problems();
  const destinations = compared
    .map(({ evidence }) => evidence)
    .filter(({ name }) => !notReadable.some((each) => each.name === name));
  return {
    ...{ stream: stream.label, type: stream.type, destinations, notReadable },
    journal: { ...totals, ...(erasedBatches === 0 ? {} : { erasedBatches }) },
    ...(unusable.length === 0 ? {} : { unusableKeys: unusable }),
    ...(await lateEvidence(stream, late)),
  };
}

async function lateEvidence(
  { destinations }: DeployedStream,
  search: LateSearch,
): Promise<Pick<StreamEvidence, 'late'>> {
  const found = await search.found();
  const late = destinations.flatMap(({ name, kind, ages }): LateEvidence[] => {
    if (ages === undefined) return [];
    const events = distinct(found.get(name)?.late);
    const others = distinct(found.get(name)?.mayBeLate);
    return [
      {
        ...{ name, kind, late: events.length, mayBeLate: others.length, treatment: latenessOf(ages) },
        lateEvents: events.slice(0, mostLateShown),
        mayBeLateEvents: others.slice(0, mostLateShown),
      },
    ];
  });
  return late.length === 0 ? {} : { late };
}

function distinct(events: readonly LateEvent[] = []): readonly LateEvent[] {
  return [...new Map(events.map((each) => [each.eventId, each])).values()];
}

const mostLateShown = 20;

export interface StreamEvidence {
  readonly stream: string;
  readonly type: string;
  readonly journal: {
    readonly batches: number;
    /** Events as collected, with the source's repetitions. */
    readonly events: number;
    readonly distinct: number;
    /** Batches that are not arrays of events. They lie in quarantine. */
    readonly damagedBatches: number;
    /** Batches of runs that started on a day of the range, which an operator erased; absent where there are none. */
    readonly erasedBatches?: number;
  };
  readonly destinations: readonly Readonly<DestinationEvidence>[];
  readonly notReadable: readonly NotReadable[];
  /** Why keys of views could not be used, a line for each; absent where all could that were needed. */
  readonly unusableKeys?: readonly string[];
  /** One for each destination whose receiver has a limit of age; absent where none has. */
  readonly late?: readonly LateEvidence[];
}

/** The events of the range that were late for a destination: neither delivered nor missing, unless they were re-dated. */
export interface LateEvidence {
  readonly name: string;
  readonly kind: string;
  /** Distinct events. */
  readonly late: number;
  /** Distinct events that became late about when they were delivered: before or after, nothing tells. */
  readonly mayBeLate: number;
  readonly treatment: Lateness;
  /** The first of them. */
  readonly lateEvents: readonly LateEvent[];
  readonly mayBeLateEvents: readonly LateEvent[];
}

/** A destination that cannot be read from here, because of its kind or for a reason that an operator can remove. */
interface NotReadable {
  readonly name: string;
  readonly reason?: string;
}

interface Compared {
  readonly destination: DeployedDestination;
  readonly holding: ReadableDestination;
  readonly evidence: DestinationEvidence;
}

/** A failure at one destination does not keep the others from being compared. */
async function orWhyNot<Value>(
  name: string,
  notReadable: NotReadable[],
  effect: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await effect();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    notReadable.push({ name, reason: error.message });
    return undefined;
  }
}

/** The days of runs are those of their keys. A recovery of a day's last hour lies under the next day. */
async function countErased(bucket: Bucket, streamName: string, { from, to }: TimeRange): Promise<number> {
  let erased = 0;
  for await (const { key } of bucket.list(erasedFolder(streamName))) {
    const startedAt = Date.parse(readErasedMarkKey(key)?.day ?? '');
    if (startedAt + dayMs > from && startedAt < to + hourMs) erased += 1;
  }
  return erased;
}

function* windowsOf({ from, to }: TimeRange): Iterable<TimeRange> {
  for (let start = from; start < to; ) {
    const end = Math.min(to, start - (start % hourMs) + hourMs);
    yield { from: start, to: end };
    start = end;
  }
}

async function quarantineOf(bucket: Bucket, stream: DeployedStream): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  const destinations = stream.destinations.map(({ name }) => name);
  for await (const { key } of bucket.list(quarantinePrefix(stream.name))) {
    const entry = readQuarantineKey(key, destinations);
    if (entry === undefined) continue;
    const { run, number, index } = entry;
    places.add(`${run}/${number}${index === undefined ? '' : `/${index}`}`);
  }
  return places;
}
