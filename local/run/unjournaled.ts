import type { DeliveredLine } from './delivered-line.ts';
import { type Counts, createCounts, createIdTable } from './id-table.ts';
import type { Owed } from './owed-events.ts';

/**
 * Finds what destinations hold and the journal does not, and the batches that it came in: all lines of one batch carry
 * the same time of collection.
 *
 * The whole journal must have been counted before the first line is shown.
 */
export function findUnjournaled({ owed, journaled, ...options }: UnjournaledOptions): Unjournaled {
  const unjournaled = createCounts();
  const strangers = createIdTable();
  const batches = new Map<number, string[]>();
  const note = (collectedAt: number, id: string): void => {
    const ids = batches.get(collectedAt) ?? [];
    batches.set(collectedAt, ids);
    if (ids.length < mostIds && !ids.includes(id)) ids.push(id);
  };
  return {
    see(index, { id, collectedAt = '' }) {
      if (index !== -1 && journaled.of(index) >= owed.wanted.of(index)) return;
      const at = Date.parse(collectedAt);
      // What is older may have left the journal by its lifecycle.
      if (at < options.keptSince) return;
      // Of twins, the one that was journaled is known by its batch.
      if (index !== -1 && journaled.of(index) > 0 && options.batches.has(at)) return;
      if (index === -1) strangers.add(id);
      else if (unjournaled.of(index) === 0) unjournaled.add(index);
      note(at, id);
    },
    events(copiesOf) {
      let events = strangers.size;
      for (let index = 0; index < owed.table.size; index += 1) {
        if (unjournaled.of(index) === 0) continue;
        const copies = Math.min(owed.wanted.of(index), copiesOf(index));
        events += Math.max(1, copies - journaled.of(index));
      }
      return events;
    },
    batches: () => [...batches].sort(([a], [b]) => a - b).map(([collectedAt, ids]) => ({ collectedAt, ids })),
  };
}

export interface UnjournaledOptions {
  readonly owed: Owed;
  /** By the number of the event's id: copies in the journal. */
  readonly journaled: Counts;
  /** When the batches in the journal were collected. */
  readonly batches: ReadonlySet<number>;
  /** What was collected before need not be in the journal any more. */
  readonly keptSince: number;
}

export interface Unjournaled {
  /** To be shown every delivered line whose bytes have its id; the number of that id, or -1 where it was not known before. */
  see(index: number, line: DeliveredLine): void;
  /** @param copiesOf how many copies the destination has that has most of them */
  events(copiesOf: (index: number) => number): number;
  /** Oldest first. */
  batches(): readonly UnjournaledBatch[];
}

export interface UnjournaledBatch {
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** Of its events that are in no journal object, the first five that were seen. */
  readonly ids: readonly string[];
}

const mostIds = 5;
