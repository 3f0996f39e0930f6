import { readDeliveredLine } from './delivered-line.ts';
import { type Counts, createCounts, createIdTable, type IdTable } from './id-table.ts';

/**
 * Compares what a stream's destinations hold with what was generated, event by event and copy by copy.
 *
 * An event counts as delivered only if the delivered bytes are its own: its id and a digest of them must both agree.
 * Two generated events that are identical are two, and want two copies.
 *
 * @throws nothing of its own; what a holding or the quarantine throws
 */
export async function compareStream(options: ComparisonOptions): Promise<StreamComparison> {
  const { digest } = options;
  const table = createIdTable();
  const generated = createCounts();
  const checks = createChecks();
  let total = 0;
  if (options.generated !== undefined) {
    for (const event of options.generated) {
      const index = table.add(digest(event));
      if (generated.of(index) === 0) checks.set(index, firstWord(digest(withoutLineBreaks(event))));
      generated.add(index);
      total += 1;
    }
  }
  const owed: Owed = { table, known: options.generated !== undefined, generated, checks, digest };

  const held: Held[] = [];
  for (const holding of options.holdings) held.push(await countHolding(owed, holding));
  await countQuarantine(owed, held, options.quarantine);

  const destinations = held.map((one) => summarise(owed, [one]));
  const missingIds: string[] = [];
  const stream = summarise(owed, held, (index) => {
    if (missingIds.length < 10_000) missingIds.push(table.idAt(index));
  });
  return {
    generated: total,
    ...stream,
    duplicates: destinations.reduce((sum, { duplicates }) => sum + duplicates, 0),
    destinations: destinations.map((figures, position) => ({
      ...figures,
      name: options.holdings[position]!.name,
      kind: options.holdings[position]!.kind,
      altered: held[position]!.altered,
      foreign: held[position]!.foreign,
      longestWaitMs: held[position]!.longestWaitMs,
      missingIds: missingOf(owed, held[position]!),
    })),
    missingIds,
  };
}

export interface ComparisonOptions {
  /** Raw bytes of every event; absent where they cannot be known, as with a real Mosaic. */
  readonly generated: Iterable<Uint8Array> | undefined;
  readonly holdings: readonly Holding[];
  readonly quarantine: Quarantine;
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
}

/** What lies in quarantine of one stream. */
export interface Quarantine {
  /** Visits every event's bytes that can be told apart; `destination` is absent when it is quarantined for all. */
  eachEvent(visit: (raw: Uint8Array, destination: string | undefined) => void): Promise<void>;
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
  readonly destinations: readonly DestinationComparison[];
  /** At most 10,000, in the order in which they were generated. */
  readonly missingIds: readonly string[];
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
  readonly missingIds: readonly string[];
}

interface Owed {
  readonly table: IdTable;
  readonly known: boolean;
  readonly generated: Counts;
  readonly checks: Checks;
  readonly digest: (raw: Uint8Array) => string;
}

interface Held {
  readonly name: string;
  readonly copies: Counts;
  readonly quarantined: Counts;
  altered: number;
  foreign: number;
  longestWaitMs: number | undefined;
}

async function countHolding(owed: Owed, holding: Holding): Promise<Held> {
  const held: Held = {
    name: holding.name,
    copies: createCounts(),
    quarantined: createCounts(),
    altered: 0,
    foreign: 0,
    longestWaitMs: undefined,
  };
  await holding.eachLine((bytes) => {
    const line = readDeliveredLine(bytes);
    if (line === undefined || !/^[0-9a-f]{32}$/.test(line.id)) {
      held.altered += 1;
      return;
    }
    const index = owed.known ? owed.table.find(line.id) : owed.table.add(line.id);
    if (index === -1) held.foreign += 1;
    else if (owed.known && !owed.checks.agree(index, line.events, owed.digest)) held.altered += 1;
    else held.copies.add(index);
    const waited = waitOf(line.events[0]!, line.collectedAt);
    if (waited !== undefined) held.longestWaitMs = Math.max(held.longestWaitMs ?? 0, waited);
  });
  return held;
}

async function countQuarantine(owed: Owed, held: readonly Held[], quarantine: Quarantine): Promise<void> {
  await quarantine.eachEvent((raw, destination) => {
    const index = owed.table.find(owed.digest(raw));
    if (index === -1) return;
    for (const one of held) {
      if (destination === undefined || destination === one.name) one.quarantined.add(index);
    }
  });
}

/** Of several destinations, an event counts as what it is at the one that has least of it. */
function summarise(owed: Owed, held: readonly Held[], onMissing?: (index: number) => void): Figures {
  let delivered = 0;
  let quarantined = 0;
  let missing = 0;
  let duplicates = 0;
  for (let index = 0; index < owed.table.size; index += 1) {
    const wanted = owed.known ? owed.generated.of(index) : 1;
    let least = wanted;
    let leastKept = wanted;
    for (const { copies, quarantined: kept } of held) {
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

function missingOf(owed: Owed, held: Held): string[] {
  const ids: string[] = [];
  summarise(owed, [held], (index) => {
    if (ids.length < 10_000) ids.push(owed.table.idAt(index));
  });
  return ids;
}

interface Checks {
  set(index: number, word: number): void;
  agree(index: number, events: readonly Buffer[], digest: (raw: Uint8Array) => string): boolean;
}

/** 32 bits of each event's digest with line breaks as spaces, which is how lines deliver them. */
function createChecks(): Checks {
  let words = new Uint32Array(1024);
  return {
    set(index, word) {
      if (index >= words.length) {
        const larger = new Uint32Array(words.length * 2);
        larger.set(words);
        words = larger;
      }
      words[index] = word;
    },
    agree: (index, events, digest) => events.some((event) => firstWord(digest(event)) === words[index]),
  };
}

function firstWord(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16);
}

function withoutLineBreaks(event: Uint8Array): Uint8Array {
  if (!event.includes(0x0a) && !event.includes(0x0d)) return event;
  return event.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte));
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
