import type { RunId } from '../../stored/run-id.ts';
import { eventIds } from '../answers/event-id.ts';
import { openBatch } from '../answers/open-batch.ts';
import type { CutBatch, DamagedBatch } from '../protocol/ports/answers.ts';
import type { Journal } from '../protocol/ports/journal.ts';

/** Reads the journaled batches of runs, in order. Several are requested ahead, since each takes a round trip. */
export async function* readBatches(
  journal: Pick<Journal, 'numbers' | 'get'>,
  runs: Iterable<RunId>,
  capBytes: number,
): AsyncGenerator<CutBatch | DamagedBatch> {
  for (const run of runs) {
    const numbers = [...(await journal.numbers(run))];
    const asked: ReturnType<Journal['get']>[] = [];
    const askForMore = (): void => {
      while (asked.length < ahead && numbers.length > 0) {
        const answer = journal.get(run, numbers.shift()!);
        // The reader gets the error when it takes the batch from the queue, and a reader may stop before that.
        answer.catch(() => undefined);
        asked.push(answer);
      }
    };
    try {
      for (askForMore(); asked.length > 0; askForMore()) yield openBatch(await asked.shift()!, capBytes);
    } finally {
      // No request may be under way when the invocation ends.
      await Promise.allSettled(asked);
    }
  }
}

/** Batches that are requested ahead. With 1,000 events of 1.5 KB each, four take some 6 MB. */
const ahead = 4;

/**
 * Calls `visit` with the id of each event of a batch. A damaged batch has none: events that are only in quarantine
 * are not in the primary's journal.
 */
export function eachId(
  opened: CutBatch | DamagedBatch,
  type: string,
  visit: (ids: Uint8Array, index: number) => void,
): void {
  if ('damaged' in opened) return;
  const ids = eventIds(opened.cut, type);
  for (let index = 0; index < opened.cut.count; index++) visit(ids, index);
}
