import { eventId } from '../../functions/collector/event-id.ts';
import type { OpenRun } from '../../functions/collector/ports.ts';
import { type Bucket, createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { stateOf } from '../access/open-relay.ts';
import { CommandError } from '../command.ts';
import { readRelayedLine } from '../replay/relayed-line.ts';
import { readQuarantineKey } from '../replay/sources/quarantine.ts';
import { isWithin, type TimeRange } from '../replay/waiting.ts';
import { arrivalHours, type Holding, holdingOf, hourMs } from './holding.ts';
import { type EventPlace, type JournalWindow, readJournalWindow } from './journal-window.ts';

/**
 * Compares what the journal holds of a range with what a stream's S3 and GCS destinations hold, event by event: the
 * delivered bytes must be those that were journaled. Reads an hour of the journal at a time, and of a destination
 * from that hour on until everything is found.
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
    const holding = await orWhyNot(name, notReadable, () => holdingOf(destination, relay, stream));
    if (holding !== undefined) compared.push({ holding, evidence: emptyEvidence(holding) });
    else if (!notReadable.some((each) => each.name === name)) notReadable.push({ name });
  }
  const context: Context = {
    type: stream.type,
    now: relay.now(),
    open: await stateOf(relay, stream).listOpen(),
    quarantine: await quarantineOf(bucket, stream.name),
  };
  const totals = { batches: 0, events: 0, distinct: 0, damagedBatches: 0 };
  for (const window of windowsOf(options.range)) {
    options.onWindow?.(window.from);
    const journal = await readJournalWindow(bucket, stream, window);
    totals.batches += journal.batches;
    totals.events += journal.events;
    totals.distinct += journal.ids.size;
    totals.damagedBatches += journal.damaged.length;
    for (const { holding, evidence } of compared) {
      if (notReadable.some(({ name }) => name === holding.name)) continue;
      await orWhyNot(holding.name, notReadable, () =>
        compareWindow({ journal, holding, window, evidence }, context),
      );
    }
  }
  const destinations = compared
    .map(({ evidence }) => evidence)
    .filter(({ name }) => !notReadable.some((each) => each.name === name));
  return { stream: stream.name, type: stream.type, journal: totals, destinations, notReadable };
}

export interface StreamEvidence {
  readonly stream: string;
  readonly type: string;
  readonly journal: {
    readonly batches: number;
    /** As collected: the source may repeat one. */
    readonly events: number;
    readonly distinct: number;
    /** No arrays of events: they lie in quarantine. */
    readonly damagedBatches: number;
  };
  readonly destinations: readonly Readonly<DestinationEvidence>[];
  readonly notReadable: readonly NotReadable[];
}

/** A destination whose holdings cannot be read from here: by its kind, or for a reason that can be mended. */
export interface NotReadable {
  readonly name: string;
  readonly reason?: string;
}

export interface DestinationEvidence {
  name: string;
  kind: string;
  place: string;
  /** Distinct events of the journal that it holds, with the journal's bytes. */
  held: number;
  /** Further copies of those. */
  duplicates: number;
  /** Lines that carry an id of the journal's, and other bytes. */
  altered: number;
  /** Distinct events that were collected then by their own word, and are not in the journal. */
  notJournaled: number;
  /** Distinct events that it lacks: the sum of the next four. */
  missing: number;
  /** The sweep has yet to deliver them. */
  waiting: number;
  quarantined: number;
  /** Collected less than half an hour ago: Firehose may still hold them. */
  underWay: number;
  /** Accepted by Firehose, and not there. */
  gone: number;
  /** Of what is missing, the first. */
  missingEvents: MissingEvent[];
}

export interface MissingEvent {
  readonly eventId: string;
  readonly why: Why;
  /** Of the journal. */
  readonly key: string;
}

type Why = 'waiting' | 'quarantined' | 'underWay' | 'gone';

const mostMissingShown = 20;
/** The longest that Firehose may buffer, twice. */
const underWayMs = 30 * 60_000;

interface Compared {
  readonly holding: Holding;
  readonly evidence: DestinationEvidence;
}

/** What an operator can mend at one destination keeps no other from being compared. */
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

interface Context {
  readonly type: string;
  readonly now: number;
  readonly open: readonly OpenRun[];
  /** `<run>/<number>` of whole batches in quarantine, `<run>/<number>/<index>` of single events. */
  readonly quarantine: ReadonlySet<string>;
}

function* windowsOf({ from, to }: TimeRange): Iterable<TimeRange> {
  for (let start = from; start < to; ) {
    const end = Math.min(to, start - (start % hourMs) + hourMs);
    yield { from: start, to: end };
    start = end;
  }
}

function emptyEvidence({ name, kind, place }: Holding): DestinationEvidence {
  const none = { held: 0, duplicates: 0, altered: 0, notJournaled: 0, missing: 0 };
  const why = { waiting: 0, quarantined: 0, underWay: 0, gone: 0 };
  return { name, kind, place, ...none, ...why, missingEvents: [] };
}

async function quarantineOf(bucket: Bucket, stream: string): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  for await (const { key } of bucket.list(`quarantine/${stream}/`)) {
    const { run, number, rest } = readQuarantineKey(key);
    const index = /^\d{4,}$/.test(rest[0] ?? '') ? `/${Number(rest[0])}` : '';
    places.add(`${run}/${number}${index}`);
  }
  return places;
}

interface Comparison {
  readonly journal: JournalWindow;
  readonly holding: Holding;
  readonly window: TimeRange;
  readonly evidence: DestinationEvidence;
}

async function compareWindow(comparison: Comparison, context: Context): Promise<void> {
  const { journal, holding, window, evidence } = comparison;
  const held = new Set<string>();
  const strangers = new Set<string>();
  for (const hour of arrivalHours(window.from, context.now)) {
    // What comes later than the next hour is looked for only while something is missing.
    if (held.size === journal.ids.size && hour >= window.to) break;
    for await (const { lines } of holding.objects(hour)) {
      for (const line of lines) {
        const read = readRelayedLine(line);
        if (read === undefined || !isWithin(window, read.collectedAt)) continue;
        const place = journal.ids.get(read.eventId);
        if (place === undefined) strangers.add(read.eventId);
        else if (!isSame(read.eventId, read.events, place, context.type)) evidence.altered += 1;
        else if (held.has(read.eventId)) evidence.duplicates += 1;
        else held.add(read.eventId);
      }
    }
  }
  evidence.held += held.size;
  evidence.notJournaled += strangers.size;
  for (const [id, place] of journal.ids) {
    if (!held.has(id)) noteMissing(evidence, { id, place, window }, context);
  }
}

/** The id is a hash of the event's bytes: the line's own are hashed again. */
function isSame(id: string, readings: readonly Uint8Array[], place: EventPlace, type: string): boolean {
  const wanted = place.singleLineId ?? id;
  return readings.some((bytes) => eventId(type, bytes) === wanted);
}

function noteMissing(
  evidence: DestinationEvidence,
  missing: { readonly id: string; readonly place: EventPlace; readonly window: TimeRange },
  { open, quarantine, now }: Context,
): void {
  const { batch, index } = missing.place;
  const { run, number, key } = batch;
  const unfinished = open.find((each) => each.run === run);
  const done = unfinished?.done[evidence.name];
  let why: Why = 'gone';
  if (done !== undefined && done < number) why = 'waiting';
  else if (quarantine.has(`${run}/${number}`) || quarantine.has(`${run}/${number}/${index}`))
    why = 'quarantined';
  else if (now - missing.window.to < underWayMs) why = 'underWay';
  evidence[why] += 1;
  evidence.missing += 1;
  if (evidence.missingEvents.length < mostMissingShown)
    evidence.missingEvents.push({ eventId: missing.id, why, key });
}
