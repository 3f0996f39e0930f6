import type { Holding, JournaledEvents, QuarantinedEvents } from './compared-sets.ts';
import { countDropped, countHolding, countQuarantine, type Held } from './held-events.ts';
import { type Counts, createCounts } from './id-table.ts';
import { createLateCount } from './late-count.ts';
import { createOwed, type Owed } from './owed-events.ts';
import { createSeenEvents } from './seen-events.ts';
import { findUnjournaled, type UnjournaledBatch } from './unjournaled.ts';

/**
 * Compares three sets of a stream, event by event and copy by copy: the generated events, the journaled events,
 * and the events at its destinations.
 *
 * An event counts as delivered only if the delivered bytes are its own: its id and a digest of them must both
 * agree. Two identical generated events count as two and need two copies.
 *
 * @throws errors of the holdings and of the quarantine, and none of its own
 */
export async function compareStream(options: ComparisonOptions): Promise<StreamComparison> {
  const owed = createOwed(options.digest);
  const seen = options.holdings.map(
    (holding) => holding.seen && createSeenEvents(holding.seen, options.digest),
  );
  const add = (event: Uint8Array): void => {
    const index = owed.add(event);
    for (const one of seen) one?.add(index, event);
  };
  for (const event of options.generated ?? []) add(event);
  let journaledEvents = 0;
  const journaled = createCounts();
  const erased = createCounts();
  const batches = new Set<number>();
  const owing = options.holdings.map(({ owes }) => owes && { owes, events: createCounts() });
  const late = options.holdings.map((holding) => holding.late && createLateCount(holding.late, owed));
  await options.journal.eachEvent((event, { run, collectedAt, damaged, isErased }) => {
    batches.add(collectedAt);
    if (options.generated === undefined && !damaged) add(event);
    const index = owed.find(event);
    // A text that only looks like an event, in an answer that is no array, was not collected.
    if (index !== -1 || !damaged) journaledEvents += 1;
    if (index === -1) return;
    journaled.add(index);
    if (isErased) erased.add(index);
    for (const one of owing) if (one?.owes(run)) one.events.add(index);
    for (const one of late) one?.see(event, { index, run, collectedAt });
  });
  const { keptSince = Number.NEGATIVE_INFINITY } = options.journal;
  const unjournaled = findUnjournaled({ owed, journaled, batches, keptSince });
  const held: Held[] = [];
  for (const [place, holding] of options.holdings.entries())
    held.push({
      ...(await countHolding(holding, {
        owed,
        seen: seen[place],
        unjournaled,
        erased,
        isKnown: options.generated !== undefined,
      })),
      owed: owing[place]?.events,
    });
  for (const [place, one] of held.entries()) countDropped(one, { owed, seen: seen[place], journaled });
  await countQuarantine(owed, held, options.quarantine);
  for (const [place, one] of held.entries())
    one.late = await late[place]?.count((index) => lackingOf(one, index, owed.wanted.of(index)));

  const destinations = held.map((one) => ({ one, figures: summarise(owed, [one], journaled) }));
  const mostCopies = (index: number) => Math.max(0, ...held.map(({ copies }) => copies.of(index)));
  return {
    generated: owed.total,
    collected: journaledEvents + countDeliveredAlone(owed, held, journaled),
    journaled: countJournaled(owed, journaled),
    unjournaled: unjournaled.events(mostCopies),
    unjournaledBatches: unjournaled.batches(),
    ...summarise(owed, held, journaled),
    duplicates: destinations.reduce((sum, { figures }) => sum + figures.duplicates, 0),
    dropped: held.reduce((sum, { dropped }) => sum + dropped, 0),
    destinations: destinations.map(({ one, figures }) => ({
      ...figures,
      name: one.name,
      kind: one.kind,
      altered: one.altered,
      dropped: one.dropped,
      foreign: one.foreign,
      longestWaitMs: one.longestWaitMs,
      redated: one.redated,
      ...namedOf(owed, one, journaled),
    })),
  };
}

export interface ComparisonOptions {
  /**
   * Raw bytes of every generated event. Absent where they cannot be known, as with a real Mosaic: the collected
   * events then take their place.
   */
  readonly generated: Iterable<Uint8Array> | undefined;
  readonly holdings: readonly Holding[];
  readonly quarantine: QuarantinedEvents;
  readonly journal: JournaledEvents;
  /** The event id of raw bytes, as 32 hexadecimal digits. */
  readonly digest: (raw: Uint8Array) => string;
}

export interface DeliveryFigures {
  readonly delivered: number;
  /** Events in quarantine that were not delivered. */
  readonly quarantined: number;
  readonly missing: number;
  readonly duplicates: number;
  /** Not delivered, since somebody has told of them as too old or too new for the receiver: neither delivered nor missing. */
  readonly late: number;
  /** No longer there, since an operator has erased them: neither delivered nor missing. */
  readonly erased: number;
}

export interface StreamComparison extends DeliveryFigures {
  readonly generated: number;
  /** Events that Mosaic handed out and that were journaled or, without a journal, delivered. */
  readonly collected: number;
  /** Events that views of its destinations do not show, of all destinations together. */
  readonly dropped: number;
  /** Generated events that are in the journal, or were until an operator erased them. */
  readonly journaled: number;
  /** Events that a destination holds and the journal does not. */
  readonly unjournaled: number;
  /** The batches of the unjournaled events. */
  readonly unjournaledBatches: readonly UnjournaledBatch[];
  readonly destinations: readonly DestinationComparison[];
}

export interface DestinationComparison extends DeliveryFigures {
  readonly name: string;
  readonly kind: string;
  /** Lines that carry a generated event's id with other bytes than its own or its view's, or no id at all. */
  readonly altered: number;
  /** Events that its view does not show; counted as delivered. */
  readonly dropped: number;
  /** Lines whose event nobody generated. */
  readonly foreign: number;
  /** The longest time from an event's own timestamp to its collecting; undefined where no timestamp could be read. */
  readonly longestWaitMs: number | undefined;
  /** Delivered lines that the receiver keeps under another time than their event's own. */
  readonly redated: number;
  /** At most 10,000, in the order in which they were generated. */
  readonly missingEvents: readonly MissingEvent[];
  /** Ids of late events; at most 10,000, in the order in which they were generated. */
  readonly lateIds: readonly string[];
}

export interface MissingEvent {
  readonly id: string;
  /** True where the collector has journaled the event. */
  readonly journaled: boolean;
}

function countJournaled({ table, wanted }: Owed, journaled: Counts): number {
  let events = 0;
  for (let index = 0; index < table.size; index += 1)
    events += Math.min(wanted.of(index), journaled.of(index));
  return events;
}

/** Counts events that were delivered without a journal, as the last resort of a run that S3 refuses. */
function countDeliveredAlone({ table }: Owed, held: readonly Held[], journaled: Counts): number {
  let events = 0;
  for (let index = 0; index < table.size; index += 1) {
    if (journaled.of(index) === 0 && held.some(({ copies }) => copies.of(index) > 0)) events += 1;
  }
  return events;
}

/** Adds up the figures of several destinations: an event counts as at the destination that has least of it. */
function summarise(
  owed: Owed,
  held: readonly Held[],
  journaled: Counts,
  onLacking?: (index: number, why: 'missing' | Excuse) => void,
): DeliveryFigures {
  let delivered = 0;
  let quarantined = 0;
  let missing = 0;
  let duplicates = 0;
  const excused = { late: 0, erased: 0 };
  for (let index = 0; index < owed.table.size; index += 1) {
    const wanted = owed.wanted.of(index);
    const owing = owingOf(held, index, journaled);
    if (owing.length === 0) continue;
    // A destination that lacks a late or an erased event says nothing of the stream: the others' copies count.
    const excuses = owing.map((one) => excuseOf(one, index, wanted));
    const counting = owing.filter((_, place) => excuses[place] === undefined);
    const excuse = counting.length === 0 ? (excuses.find((each) => each === 'late') ?? 'erased') : undefined;
    let least = wanted;
    let leastKept = wanted;
    for (const { copies, quarantined: kept } of excuse === undefined ? counting : owing) {
      least = Math.min(least, copies.of(index));
      leastKept = Math.min(leastKept, copies.of(index) + kept.of(index));
    }
    for (const { copies } of owing) duplicates += Math.max(0, copies.of(index) - wanted);
    delivered += least;
    quarantined += leastKept - least;
    if (excuse === undefined) missing += wanted - leastKept;
    else excused[excuse] += wanted - leastKept;
    if (leastKept < wanted) onLacking?.(index, excuse ?? 'missing');
  }
  return { delivered, quarantined, missing, duplicates, ...excused };
}

/** Why a destination may lack copies of an event. */
type Excuse = 'late' | 'erased';

/** The excuse for all copies that a destination lacks; undefined where it lacks none, or where one is missing. */
function excuseOf(held: Held, index: number, wanted: number): Excuse | undefined {
  const lacking = lackingOf(held, index, wanted);
  if (lacking === 0) return undefined;
  return (['late', 'erased'] as const).find((excuse) => (held[excuse]?.of(index) ?? 0) >= lacking);
}

function lackingOf({ copies, quarantined }: Held, index: number, wanted: number): number {
  return Math.max(0, wanted - copies.of(index) - quarantined.of(index));
}

/**
 * The destinations that an event is owed to. No run records that of an event without a journal: it is owed to the
 * destinations that have it, or to all where none has.
 */
function owingOf(held: readonly Held[], index: number, journaled: Counts): readonly Held[] {
  const nobodyHas = held.every(({ copies }) => copies.of(index) === 0);
  return held.filter(({ owed, copies }) => {
    if (owed === undefined) return true;
    return journaled.of(index) > 0 ? owed.of(index) > 0 : nobodyHas || copies.of(index) > 0;
  });
}

const mostNamed = 10_000;

/** Names the events that a destination lacks. */
function namedOf(
  owed: Owed,
  held: Held,
  journaled: Counts,
): Pick<DestinationComparison, 'missingEvents' | 'lateIds'> {
  const missingEvents: MissingEvent[] = [];
  const lateIds: string[] = [];
  summarise(owed, [held], journaled, (index, why) => {
    const id = owed.table.idAt(index);
    if (why === 'late' && lateIds.length < mostNamed) lateIds.push(id);
    if (why === 'missing' && missingEvents.length < mostNamed)
      missingEvents.push({ id, journaled: journaled.of(index) > 0 });
  });
  return { missingEvents, lateIds };
}
