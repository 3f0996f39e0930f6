import { readDeliveredLine } from './delivered-line.ts';
import { type Counts, createCounts, isEventId } from './id-table.ts';
import { createOwed, type Owed } from './owed-events.ts';

/**
 * Compares what a stream's destinations hold with what was generated, event by event and copy by copy.
 *
 * An event counts as delivered only if the delivered bytes are its own: its id and a digest of them must both agree.
 * Two generated events that are identical are two, and want two copies.
 *
 * @throws nothing of its own; what a holding or the quarantine throws
 */
export async function compareStream(options: ComparisonOptions): Promise<StreamComparison> {
  const owed = createOwed(options.digest);
  for (const event of options.generated ?? []) owed.add(event);
  let journaledEvents = 0;
  const journaled = createCounts();
  const owing = options.holdings.map(({ owes }) => owes && { owes, events: createCounts() });
  await options.journal.eachEvent((event, run) => {
    journaledEvents += 1;
    if (options.generated === undefined) owed.add(event);
    const index = owed.find(event);
    if (index === -1) return;
    journaled.add(index);
    for (const one of owing) if (one?.owes(run)) one.events.add(index);
  });
  const held: Held[] = [];
  for (const [place, holding] of options.holdings.entries())
    held.push({ ...(await countHolding(owed, holding)), owed: owing[place]?.events });
  await countQuarantine(owed, held, options.quarantine);

  const destinations = held.map((one) => ({ one, figures: summarise(owed, [one], journaled) }));
  return {
    generated: owed.total,
    collected: journaledEvents + countUnjournaled(owed, held, journaled),
    ...summarise(owed, held, journaled),
    duplicates: destinations.reduce((sum, { figures }) => sum + figures.duplicates, 0),
    destinations: destinations.map(({ one, figures }) => ({
      ...figures,
      name: one.name,
      kind: one.kind,
      altered: one.altered,
      foreign: one.foreign,
      longestWaitMs: one.longestWaitMs,
      missingEvents: missingOf(owed, one, journaled),
    })),
  };
}

export interface ComparisonOptions {
  /** Raw bytes of every event; absent where nobody here can know, as with a real Mosaic: what was collected then counts. */
  readonly generated: Iterable<Uint8Array> | undefined;
  readonly holdings: readonly Holding[];
  readonly quarantine: Quarantine;
  readonly journal: Journal;
  /** The event id of raw bytes, as 32 hexadecimal digits. */
  readonly digest: (raw: Uint8Array) => string;
}

/** What one destination holds. */
export interface Holding {
  readonly kind: string;
  /** The destination's name within the stream. */
  readonly name: string;
  /** Visits every line once, in any order, without its line break; the buffer is the visitor's only during the call. */
  eachLine(visit: (line: Buffer) => void): Promise<void>;
  /** Whether it is owed what that run collected; absent where it is owed everything. */
  owes?(run: string): boolean;
}

/** What lies in quarantine of one stream. */
export interface Quarantine {
  /** Visits every event's bytes that can be told apart; `destination` is absent when it is quarantined for all. */
  eachEvent(visit: (raw: Uint8Array, destination: string | undefined) => void): Promise<void>;
}

/** What the collector has journaled of one stream. */
export interface Journal {
  /** Visits the raw bytes of every event, as often as it was collected, and the run that journaled it. */
  eachEvent(visit: (raw: Uint8Array, run: string) => void): Promise<void>;
}

export interface Figures {
  readonly delivered: number;
  /** In quarantine and not delivered. */
  readonly quarantined: number;
  readonly missing: number;
  readonly duplicates: number;
}

export interface StreamComparison extends Figures {
  readonly generated: number;
  /** Events that Mosaic handed out and that were journaled or, without a journal, delivered. */
  readonly collected: number;
  readonly destinations: readonly DestinationComparison[];
}

export interface DestinationComparison extends Figures {
  readonly name: string;
  readonly kind: string;
  /** Lines that carry a generated event's id with other bytes, or no id at all. */
  readonly altered: number;
  /** Lines whose event nobody generated. */
  readonly foreign: number;
  /** From the event's own time to when it was collected, at most; undefined when nothing could be told. */
  readonly longestWaitMs: number | undefined;
  /** At most 10,000, in the order in which they were generated. */
  readonly missingEvents: readonly MissingEvent[];
}

export interface MissingEvent {
  readonly id: string;
  /** The collector has had it. */
  readonly journaled: boolean;
}

interface Held {
  readonly name: string;
  readonly kind: string;
  readonly copies: Counts;
  readonly quarantined: Counts;
  altered: number;
  foreign: number;
  longestWaitMs: number | undefined;
  /** The events that it is owed; undefined for all. */
  owed?: Counts;
}

async function countHolding(owed: Owed, { name, kind, eachLine }: Holding): Promise<Held> {
  const [copies, quarantined] = [createCounts(), createCounts()];
  const held: Held = { name, kind, copies, quarantined, altered: 0, foreign: 0, longestWaitMs: undefined };
  await eachLine((bytes) => {
    const line = readDeliveredLine(bytes);
    if (line === undefined || !isEventId(line.id)) {
      held.altered += 1;
      return;
    }
    const index = owed.table.find(line.id);
    if (index === -1) held.foreign += 1;
    else if (owed.agrees(index, line.events)) copies.add(index);
    else held.altered += 1;
    const waited = waitOf(line.events[0]!, line.collectedAt);
    if (waited !== undefined) held.longestWaitMs = Math.max(held.longestWaitMs ?? 0, waited);
  });
  return held;
}

async function countQuarantine(owed: Owed, held: readonly Held[], quarantine: Quarantine): Promise<void> {
  await quarantine.eachEvent((raw, destination) => {
    const index = owed.find(raw);
    if (index === -1) return;
    for (const one of held) {
      if (destination === undefined || destination === one.name) one.quarantined.add(index);
    }
  });
}

/** The last resort of a run that S3 refuses is to deliver what it could not journal. */
function countUnjournaled({ table }: Owed, held: readonly Held[], journaled: Counts): number {
  let events = 0;
  for (let index = 0; index < table.size; index += 1) {
    if (journaled.of(index) === 0 && held.some(({ copies }) => copies.of(index) > 0)) events += 1;
  }
  return events;
}

/** Of several destinations, an event counts as what it is at the one that has least of it. */
function summarise(
  owed: Owed,
  held: readonly Held[],
  journaled: Counts,
  onMissing?: (index: number) => void,
): Figures {
  let delivered = 0;
  let quarantined = 0;
  let missing = 0;
  let duplicates = 0;
  for (let index = 0; index < owed.table.size; index += 1) {
    const wanted = owed.wanted.of(index);
    const owing = owingOf(held, index, journaled);
    if (owing.length === 0) continue;
    let least = wanted;
    let leastKept = wanted;
    for (const { copies, quarantined: kept } of owing) {
      const there = copies.of(index);
      least = Math.min(least, there);
      leastKept = Math.min(leastKept, there + kept.of(index));
      duplicates += Math.max(0, there - wanted);
    }
    delivered += least;
    quarantined += leastKept - least;
    missing += wanted - leastKept;
    if (leastKept < wanted) onMissing?.(index);
  }
  return { delivered, quarantined, missing, duplicates };
}

/** Of what no run journaled, no run says to whom it is owed: to whoever has it, and to all where nobody has. */
function owingOf(held: readonly Held[], index: number, journaled: Counts): readonly Held[] {
  const nobodyHas = held.every(({ copies }) => copies.of(index) === 0);
  return held.filter(({ owed, copies }) => {
    if (owed === undefined) return true;
    return journaled.of(index) > 0 ? owed.of(index) > 0 : nobodyHas || copies.of(index) > 0;
  });
}

function missingOf(owed: Owed, held: Held, journaled: Counts): MissingEvent[] {
  const events: MissingEvent[] = [];
  summarise(owed, [held], journaled, (index) => {
    if (events.length >= 10_000) return;
    events.push({ id: owed.table.idAt(index), journaled: journaled.of(index) > 0 });
  });
  return events;
}

/** The event's first `timestamp` member is its own in all but contrived events: this is a figure to look at. */
function waitOf(event: Buffer, collectedAt: string | undefined): number | undefined {
  if (collectedAt === undefined) return undefined;
  const at = event.indexOf('"timestamp":"');
  if (at === -1) return undefined;
  const raised = Date.parse(event.toString('latin1', at + 13, event.indexOf(0x22, at + 13)));
  const waited = Date.parse(collectedAt) - raised;
  return Number.isFinite(waited) ? Math.max(0, waited) : undefined;
}
