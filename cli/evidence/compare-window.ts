import { eventId } from '../../functions/collector/answers/event-id.ts';
import { readRelayedLine } from '../replay/relayed-line.ts';
import { isWithin, type TimeRange } from '../replay/waiting.ts';
import type { EventPlace, JournalWindow } from './journal-window.ts';
import { type RunsOnRecord, type Standing, standingOf } from './owed.ts';
import { arrivalHours, type ReadableDestination } from './readable-destination.ts';

/** Looks for everything that was journaled in a window at one destination, and adds to its evidence. */
export async function compareWindow(comparison: WindowComparison, context: ComparisonContext): Promise<void> {
  const { journal, holding, window, evidence } = comparison;
  const held = new Set<string>();
  const strangers = new Set<string>();
  for (const hour of arrivalHours(window.from, context.now)) {
    // Objects that arrived later than the next hour are read only while an event is missing.
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
    if (!held.has(id)) await noteMissing(evidence, { id, place, window }, context);
  }
}

export interface WindowComparison {
  readonly journal: JournalWindow;
  readonly holding: ReadableDestination;
  readonly window: TimeRange;
  readonly evidence: DestinationEvidence;
}

export interface ComparisonContext {
  readonly type: string;
  readonly now: number;
  readonly runs: RunsOnRecord;
  /** `<run>/<number>` of whole batches in quarantine, `<run>/<number>/<index>` of single events. */
  readonly quarantine: ReadonlySet<string>;
}

export interface DestinationEvidence {
  name: string;
  kind: string;
  place: string;
  /** Distinct events of the journal that the destination holds, with the journal's bytes. */
  held: number;
  /** Further copies of the held events. */
  duplicates: number;
  /** Lines with an id of the journal's and other bytes. */
  altered: number;
  /** Distinct events that say of themselves that they were collected in the window, and are not in the journal. */
  notJournaled: number;
  /** Distinct missing events of runs that did not have the destination yet: no run owes them to it. */
  notOwed: number;
  /** Distinct events that the destination lacks: the sum of the next five. */
  missing: number;
  /** Missing events that the sweep has still to deliver. */
  waiting: number;
  quarantined: number;
  /** Missing events that were collected less than half an hour ago: Firehose may still hold them. */
  underWay: number;
  /**
   * Missing events whose run has left no record, for example after the table was put back: whether Firehose has
   * them is unknown.
   */
  unknown: number;
  /** Missing events that Firehose accepted and the destination does not hold. */
  gone: number;
  /** The first of the missing events. */
  missingEvents: MissingEvent[];
}

interface MissingEvent {
  readonly eventId: string;
  readonly why: Why;
  /** The key of the journal's object. */
  readonly key: string;
}

type Why = 'waiting' | 'quarantined' | 'underWay' | 'unknown' | 'gone';

export function emptyEvidence({ name, kind, place }: ReadableDestination): DestinationEvidence {
  const none = { held: 0, duplicates: 0, altered: 0, notJournaled: 0, notOwed: 0, missing: 0 };
  const why = { waiting: 0, quarantined: 0, underWay: 0, unknown: 0, gone: 0 };
  return { name, kind, place, ...none, ...why, missingEvents: [] };
}

const mostMissingShown = 20;
/** Twice the longest time that Firehose may buffer. */
const underWayMs = 30 * 60_000;

/** True if a line holds the journaled event: its id must be the hash of the line's own bytes. */
function isSame(id: string, readings: readonly Uint8Array[], place: EventPlace, type: string): boolean {
  const wanted = place.singleLineId ?? id;
  return readings.some((bytes) => eventId(type, bytes) === wanted);
}

async function noteMissing(
  evidence: DestinationEvidence,
  missing: { readonly id: string; readonly place: EventPlace; readonly window: TimeRange },
  { runs, quarantine, now }: ComparisonContext,
): Promise<void> {
  const owed = await firstOwed(evidence.name, missing.place, runs);
  if (owed === undefined) {
    evidence.notOwed += 1;
    return;
  }
  const { standing, index } = owed;
  const { run, number, key } = owed.batch;
  let why: Why = 'gone';
  if (standing === 'waiting') why = 'waiting';
  else if (quarantine.has(`${run}/${number}`) || quarantine.has(`${run}/${number}/${index}`))
    why = 'quarantined';
  else if (now - missing.window.to < underWayMs) why = 'underWay';
  else if (standing === 'unknown') why = 'unknown';
  evidence[why] += 1;
  evidence.missing += 1;
  if (evidence.missingEvents.length < mostMissingShown)
    evidence.missingEvents.push({ eventId: missing.id, why, key });
}

/**
 * The first place of an event whose run owes it to the destination, with its standing; undefined where no run owes
 * it.
 */
async function firstOwed(
  destination: string,
  place: EventPlace,
  runs: ComparisonContext['runs'],
): Promise<(Pick<EventPlace, 'batch' | 'index'> & { readonly standing: Standing }) | undefined> {
  for (const { batch, index } of [place, ...place.again]) {
    const standing = await standingOf(destination, batch, runs);
    if (standing !== 'notOwed') return { batch, index, standing };
  }
  return undefined;
}
