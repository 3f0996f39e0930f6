import type { RunId } from '../../stored/run-id.ts';
import { eventIds } from '../answers/event-id.ts';
import { openBatch } from '../answers/open-batch.ts';
import type { CutBatch, DamagedBatch } from '../protocol/ports/answers.ts';
import type { Journal } from '../protocol/ports/journal.ts';

/** Reads the journaled batches of runs, in order; a few are asked for ahead, since each is a round trip. */
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
        // The reader that takes the batch from the queue gets the error. A reader may stop before.
        answer.catch(() => undefined);
        asked.push(answer);
      }
    };
    try {
      for (askForMore(); asked.length > 0; askForMore()) yield openBatch(await asked.shift()!, capBytes);
    } finally {
      // Nothing may be under way when the invocation ends.
      await Promise.allSettled(asked);
    }
  }
}

/** With batches of 1,000 events of 1.5 KB, some 6 MB. */
const ahead = 4;

/** Visits the ids of a batch's events; none where it is damaged: what lies only in quarantine is not there. */
export function eachId(
  opened: CutBatch | DamagedBatch,
  type: string,
  visit: (ids: Uint8Array, index: number) => void,
): void {
  if ('damaged' in opened) return;
  const ids = eventIds(opened.cut, type);
  for (let index = 0; index < opened.cut.count; index++) visit(ids, index);
}
