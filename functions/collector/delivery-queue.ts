import type { RunId } from '../stored/run-id.ts';
import { deliver } from './deliver.ts';
import type { DeliveryFlow } from './delivery-flow.ts';
import type { Destination } from './destination.ts';
import { type LargeAnswers, largeSize } from './large-answers.ts';
import { type CutBatch, type DamagedBatch, openBatch } from './open-batch.ts';
import type { Clock, Journal } from './ports.ts';
import { countDelivered, type Tally } from './tally.ts';

/**
 * One destination's path from the journal to its delivery stream within a run: batches in order, one at a time,
 * beside the collecting and beside every other destination.
 *
 * While the queue keeps up it takes batches from memory. When more than two wait it lets go of them and reads the
 * next one from the journal, until it has caught up or the run's time is over. A batch that the destination refuses
 * ends the queue for this run, so `done` never passes a gap; the rest is the sweep's. Throttling ends no queue.
 */
export interface DeliveryQueue {
  readonly destination: string;
  /** Batches 1..done are delivered or quarantined. */
  readonly done: number;
  /** Why the rest of the run is the sweep's; undefined while the queue goes on. */
  readonly left: string | undefined;
  /** What went wrong beyond a refusal, such as a journal that could not be read. */
  readonly failure: unknown;
  /** Hands over the next journaled batch, and does not wait. Without `inMemory` the queue reads the journal. */
  offer(number: number, inMemory: HeldBatch | undefined): void;
  /**
   * Hands over the run's last batch, which is not in the journal, whatever the queue has met before.
   * @returns true where it was delivered; it is never recorded as done
   */
  offerUnjournaled(batch: CutBatch): Promise<boolean>;
  /** Resolves when everything offered is delivered or left. */
  settled(): Promise<void>;
}

export interface HeldBatch {
  readonly batch: CutBatch | DamagedBatch;
  /** Called once, when the queue reads the batch's bytes no more. */
  readonly readNoMore: () => void;
}

export interface QueueMeans {
  readonly run: RunId;
  readonly type: string;
  readonly journal: Pick<Journal, 'quarantine' | 'get'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  readonly flow: DeliveryFlow;
  readonly large: LargeAnswers;
  /** How long one refused batch is tried. */
  readonly patienceMs: number;
  readonly decompressedCapBytes: number;
}

/** Batches that a queue holds in memory beside the one that it delivers. */
const mostHeld = 2;

export function createDeliveryQueue(destination: Destination, means: QueueMeans): DeliveryQueue {
  const { clock, tally, signal } = means;
  const held = new Map<number, HeldBatch>();
  let done = 0;
  let offered = 0;
  let left: string | undefined;
  let failure: unknown;
  let stopping = false;
  let working: Promise<void> | undefined;

  const letGo = (): void => {
    for (const { readNoMore } of held.values()) readNoMore();
    held.clear();
  };
  const leave = (reason: string): void => {
    left ??= reason;
    letGo();
  };

  const send = async (batch: CutBatch): Promise<boolean> => {
    // The next collect is sent first, and its answer's wait hides the work.
    await clock.sleep(0, signal);
    const startedAt = clock.now();
    const outcome = await deliver(batch, destination, means);
    tally.deliverMs += clock.now() - startedAt;
    tally.recordsRefused += outcome.refusedRecords;
    if (outcome.kind === 'delivered') countDelivered(tally, outcome);
    else leave(outcome.kind === 'refused' ? outcome.reason : 'out-of-time');
    return outcome.kind === 'delivered';
  };

  // A damaged batch lies in quarantine before it is offered.
  const settle = async (batch: CutBatch | DamagedBatch): Promise<boolean> =>
    'damaged' in batch || (await send(batch));

  const settleFromJournal = async (number: number): Promise<boolean> => {
    const batch = await means.journal.get(means.run, number, signal);
    const size = largeSize(batch.answer);
    const giveRoomBack = size > 0 ? await means.large.room(size) : undefined;
    try {
      if (signal.aborted) return false;
      return await settle(openBatch(batch, means.decompressedCapBytes));
    } finally {
      giveRoomBack?.();
    }
  };

  const settleNext = async (): Promise<boolean> => {
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
        if (signal.aborted || stopping) leave('out-of-time');
        else if (await settleNext()) done += 1;
      }
    } catch (error) {
      if (signal.aborted) return leave('out-of-time');
      failure = error;
      leave('failed');
    }
  };

  const start = (): void => {
    working ??= work().finally(() => {
      working = undefined;
      // A batch may have been offered after the loop looked and before this.
      if (left === undefined && done < offered) start();
    });
  };

  return {
    destination: destination.name,
    get done() {
      return done;
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
      // What the queue still works at is in the journal, and the sweep's.
      stopping = true;
      try {
        return await send(batch);
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
