import { largeSize } from '../answers/large-size.ts';
import { openBatch } from '../answers/open-batch.ts';
import { causeName } from '../protocol/cause-name.ts';
import { countDelivered, countLate } from '../protocol/counters.ts';
import { mostBehindMs } from '../protocol/large-answers.ts';
import type { CutBatch, DamagedBatch } from '../protocol/ports/answers.ts';
import type { DeliveryQueue, DeliveryTurn, HeldBatch, QueueOptions } from '../protocol/ports/destination.ts';
import { deliver } from './deliver.ts';
import type { DeliverySettings } from './delivery-settings.ts';

/** Batches that a queue holds in memory beside the one that it delivers. */
const mostHeld = 2;

export function createDeliveryQueue(destination: DeliverySettings, means: QueueOptions): DeliveryQueue {
  const { clock, counters, signal } = means;
  const held = new Map<number, HeldBatch>();
  let done = 0;
  let late = 0;
  let offered = 0;
  let left: string | undefined;
  let failure: unknown;
  let stopping = false;
  let working: Promise<void> | undefined;
  /** Indexes of the records that Firehose has not accepted yet, where the next batch was put off. */
  let putOff: Pick<DeliveryTurn, 'unsent' | 'judgedAt'> | undefined;

  const letGo = (): void => {
    for (const { readNoMore } of held.values()) readNoMore();
    held.clear();
  };
  const leave = (reason: string): void => {
    left ??= reason;
    letGo();
  };

  /** @returns how many of its events were late; undefined where the destination has not got it */
  const send = async (batch: CutBatch, turn?: DeliveryTurn): Promise<number | undefined> => {
    // The next collect is sent first, so that the wait for its answer hides this work.
    await clock.sleep(0, signal);
    const startedAt = clock.now();
    const outcome = await deliver(batch, destination, { ...means, turn });
    counters.deliverMs += clock.now() - startedAt;
    counters.recordsRefused += outcome.refusedRecords;
    if (outcome.kind === 'delivered') {
      countDelivered(counters, destination.name, outcome);
      countLate(counters, destination.name, outcome.late);
      return outcome.late;
    }
    if (outcome.kind === 'put-off') putOff = outcome;
    else leave(outcome.kind === 'refused' ? outcome.reason : 'out-of-time');
    return undefined;
  };

  // A damaged batch is in quarantine before it is offered.
  const settle = async (batch: CutBatch | DamagedBatch, turn?: DeliveryTurn): Promise<number | undefined> =>
    'damaged' in batch ? 0 : await send(batch, turn);

  const settleFromJournal = async (number: number): Promise<number | undefined> => {
    const batch = await means.journal.get(means.run, number, signal);
    const size = largeSize(batch.answer);
    const giveRoomBack = size > 0 ? await means.large.room(size, destination.name) : undefined;
    try {
      if (signal.aborted) return undefined;
      const { unsent, judgedAt } = putOff ?? {};
      const turn = size > 0 ? { mostBehindMs, unsent, judgedAt } : undefined;
      putOff = undefined;
      return await settle(openBatch(batch, means.decompressedCapBytes, destination.view?.memberDepth), turn);
    } finally {
      giveRoomBack?.();
    }
  };

  const settleNext = async (): Promise<number | undefined> => {
    const next = held.get(done + 1);
    if (next === undefined) return settleFromJournal(done + 1);
    held.delete(done + 1);
    try {
      return await settle(next.batch);
    } finally {
      next.readNoMore();
    }
  };

  const work = async (): Promise<void> => {
    try {
      while (left === undefined && done < offered) {
        if (signal.aborted || stopping) {
          leave('out-of-time');
          continue;
        }
        const lateOfNext = await settleNext();
        if (lateOfNext === undefined) continue;
        // Nothing may come between the two: they are recorded together.
        done += 1;
        late += lateOfNext;
      }
    } catch (error) {
      if (signal.aborted) return leave('out-of-time');
      failure = error;
      leave(causeName(error));
    }
  };

  const start = (): void => {
    working ??= work().finally(() => {
      working = undefined;
      // A batch may have been offered after the loop's last look and before this line.
      if (left === undefined && done < offered) start();
    });
  };

  return {
    destination: destination.name,
    get done() {
      return done;
    },
    get late() {
      return late;
    },
    get left() {
      return left;
    },
    get failure() {
      return failure;
    },
    offer(number, inMemory) {
      offered = number;
      if (left !== undefined) return inMemory?.readNoMore();
      if (inMemory !== undefined) held.set(number, inMemory);
      if (offered - done > mostHeld + 1) letGo();
      start();
    },
    async offerUnjournaled(batch) {
      // The journal has the batches that the queue has left, and the sweep delivers them.
      stopping = true;
      try {
        const lateOfBatch = await send(batch);
        if (lateOfBatch === undefined) return false;
        // An event that is held back stays in the journal, and this batch is in none: nothing can bring the event later.
        return lateOfBatch === 0 || destination.ages?.hold !== true;
      } catch (error) {
        failure = error;
        return false;
      }
    },
    async settled() {
      while (working !== undefined) await working;
    },
  };
}
