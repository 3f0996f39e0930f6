import type { Holding, QuarantinedEvents } from './compared-sets.ts';
import { type DeliveredLine, readDeliveredLine } from './delivered-line.ts';
import { type Counts, createCounts, isEventId } from './id-table.ts';
import type { Owed } from './owed-events.ts';
import type { SeenEvents } from './seen-events.ts';
import type { Unjournaled } from './unjournaled.ts';

/** The events of a stream that one destination has, and those in quarantine for it. */
export interface Held {
  readonly name: string;
  readonly kind: string;
  readonly copies: Counts;
  readonly quarantined: Counts;
  altered: number;
  /** Events that the destination's view does not show, counted as delivered. */
  dropped: number;
  foreign: number;
  longestWaitMs: number | undefined;
  /** Lines of events that the receiver keeps under another time than their own. */
  redated: number;
  /** Copies that somebody has told of as late for the receiver; undefined where it has no limit. */
  late?: Counts;
  /** The events that the destination is owed; undefined for all. */
  owed?: Counts;
  /** Copies that an operator has erased there, or in the journal. */
  readonly erased: Pick<Counts, 'of'>;
}

/** Counts the lines of one destination. */
export async function countHolding(
  { name, kind, eachLine, eachErased }: Holding,
  { owed, seen, unjournaled, isKnown, erased }: Known,
): Promise<Held> {
  const [copies, quarantined, erasedHere] = [createCounts(), createCounts(), createCounts()];
  const indexOf = (line: DeliveredLine): number =>
    seen === undefined ? owed.table.find(line.id) : seen.find(line);
  const held: Held = {
    name,
    kind,
    copies,
    quarantined,
    altered: 0,
    dropped: 0,
    foreign: 0,
    longestWaitMs: undefined,
    redated: 0,
    // The batch of a line may be erased with it.
    erased: { of: (index) => Math.max(erased.of(index), erasedHere.of(index)) },
  };
  await eachLine((bytes, isRedated = false) => {
    const line = readDeliveredLine(bytes);
    if (line === undefined || !isEventId(line.id)) {
      held.altered += 1;
      return;
    }
    const index = indexOf(line);
    const isMade = () => (seen === undefined ? owed.agrees(index, line.events) : seen.agrees(index, line));
    const agrees =
      line.view === seen?.label &&
      (seen !== undefined || line.key === undefined) &&
      (index === -1 ? owed.isIdOf(line.id, line.events) : isMade());
    if (agrees && isRedated) held.redated += 1;
    if (index === -1) held.foreign += 1;
    else if (agrees) copies.add(index);
    else held.altered += 1;
    // An event that was not generated cannot have been collected; it counts only where the generated events are
    // unknown.
    if (agrees && (index !== -1 || !isKnown)) unjournaled.see(index, line);
    const waited = waitOf(line.events[0]!, line.collectedAt);
    if (waited !== undefined) held.longestWaitMs = Math.max(held.longestWaitMs ?? 0, waited);
  });
  await eachErased?.((bytes) => {
    const line = readDeliveredLine(bytes);
    const index = line === undefined || !isEventId(line.id) ? -1 : indexOf(line);
    if (index !== -1) erasedHere.add(index);
  });
  return held;
}

/**
 * Counts what a view does not show as delivered, as far as the destination is owed it. An event that never reached the
 * journal is missing all the same.
 */
export function countDropped(held: Held, { owed: { table, wanted }, seen, journaled }: DroppedFrom): void {
  if (seen === undefined) return;
  const collected = held.owed ?? journaled;
  for (let index = 0; index < table.size; index += 1) {
    if (!seen.isDropped(index)) continue;
    const events = Math.min(wanted.of(index), collected.of(index));
    for (let copy = held.copies.of(index); copy < events; copy += 1) held.copies.add(index);
    held.dropped += events;
  }
}

interface DroppedFrom {
  readonly owed: Owed;
  readonly seen: SeenEvents | undefined;
  readonly journaled: Counts;
}

export async function countQuarantine(
  owed: Owed,
  held: readonly Held[],
  quarantine: QuarantinedEvents,
): Promise<void> {
  await quarantine.eachEvent((raw, destination) => {
    const index = owed.find(raw);
    if (index === -1) return;
    for (const one of held) {
      if (destination === undefined || destination === one.name) one.quarantined.add(index);
    }
  });
}

interface Known {
  readonly owed: Owed;
  /** The events as the destination's view shows them; undefined where it sees everything. */
  readonly seen: SeenEvents | undefined;
  readonly unjournaled: Unjournaled;
  /** Copies in batches of the journal that an operator has erased. */
  readonly erased: Pick<Counts, 'of'>;
  /** True where the generated events are known. */
  readonly isKnown: boolean;
}

/**
 * The time from the event's first `timestamp` member to its collecting. The member is the event's own in all but
 * contrived events, and the figure is for display.
 */
function waitOf(event: Buffer, collectedAt: string | undefined): number | undefined {
  if (collectedAt === undefined) return undefined;
  const at = event.indexOf('"timestamp":"');
  if (at === -1) return undefined;
  const raised = Date.parse(event.toString('latin1', at + 13, event.indexOf(0x22, at + 13)));
  const waited = Date.parse(collectedAt) - raised;
  return Number.isFinite(waited) ? Math.max(0, waited) : undefined;
}
