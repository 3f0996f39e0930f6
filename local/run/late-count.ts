import type { CollectedBatch, ToldLate } from './compared-sets.ts';
import { type Counts, createCounts } from './id-table.ts';
import type { Owed } from './owed-events.ts';

/** Finds the events that a destination lacks because they were late for its receiver. */
export interface LateCount {
  /** Takes note of a journaled event. @param index the number of its id */
  see(
    event: Uint8Array,
    batch: Pick<CollectedBatch, 'run' | 'collectedAt'> & { readonly index: number },
  ): void;
  /** Counts late copies, once every journaled event was seen. @param lacking copies that the destination lacks */
  count(lacking: (index: number) => number): Promise<Counts>;
}

/**
 * Covers lacking events by what was told of late ones: first by id; then by the number that each run has told, in
 * the order of its journal, which is that of the events' times. A run's number covers no more lacking events than it
 * says, and none that is in time.
 */
export function createLateCount({ isLate, heldBack, eachId }: ToldLate, { table, wanted }: Owed): LateCount {
  const ofRuns = new Map<string, number[]>();
  return {
    see(event, { index, run, collectedAt }) {
      if (heldBack(run) === 0 || !isLate(event, collectedAt)) return;
      const some = ofRuns.get(run);
      if (some === undefined) ofRuns.set(run, [index]);
      else some.push(index);
    },
    async count(lacking) {
      const late = createCounts();
      await eachId((id) => {
        const index = table.find(id);
        if (index === -1) return;
        while (late.of(index) < wanted.of(index)) late.add(index);
      });
      for (const [run, indexes] of ofRuns) {
        let told = heldBack(run);
        for (const index of indexes) {
          if (told === 0) break;
          if (late.of(index) >= lacking(index)) continue;
          late.add(index);
          told -= 1;
        }
      }
      return late;
    },
  };
}
