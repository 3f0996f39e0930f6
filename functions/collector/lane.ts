import { deliver } from './deliver.ts';
import type { Destination } from './destination.ts';
import type { CutBatch, DamagedBatch } from './open-batch.ts';
import type { Clock, Journal } from './ports.ts';
import { countDelivered, type Tally } from './tally.ts';

/**
 * One destination's share of a run: batches in order, one at a time, beside the collecting.
 *
 * The first batch that it cannot deliver ends the lane for this run, so `done` never passes a gap; what is left
 * is the sweep's. At most two batches wait here, whatever the destination does.
 */
export interface Lane {
  readonly destination: string;
  /** Batches 1..done are delivered or quarantined. */
  readonly done: number;
  /** Why the rest of the run is the sweep's; undefined while the lane goes on. */
  readonly left: string | undefined;
  /** What went wrong beyond a refusal, such as a quarantine that could not be written. */
  readonly failure: unknown;
  /**
   * Hands over the next batch, waiting for room within the lane's patience.
   *
   * @param readNoMore called once, when the lane reads the batch's bytes no more
   */
  offer(batch: CutBatch | DamagedBatch, readNoMore: () => void): Promise<void>;
  /** Hands over a batch that is not in the journal: whether it was delivered, never recorded as done. */
  offerUnjournaled(batch: CutBatch): Promise<boolean>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface LaneMeans {
  readonly type: string;
  readonly journal: Pick<Journal, 'quarantine'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** How long one refused batch is tried. */
  readonly patienceMs: number;
  /** How long, in all, the run waits for this destination. */
  readonly waitMs: number;
}

export function createLane(destination: Destination, means: LaneMeans): Lane {
  const { clock, tally } = means;
  let done = 0;
  let left: string | undefined;
  let failure: unknown;
  let waitedMs = 0;
  const pending: Promise<void>[] = [];

  const send = async (batch: CutBatch): Promise<boolean> => {
    // The next collect is sent first, and its answer's wait hides the work.
    await clock.sleep(0, means.signal);
    const startedAt = clock.now();
    const outcome = await deliver(batch, destination, means);
    tally.deliverMs += clock.now() - startedAt;
    tally.recordsRefused += outcome.refusedRecords;
    if (outcome.kind === 'delivered') countDelivered(tally, outcome);
    else left = outcome.kind === 'refused' ? outcome.reason : 'out-of-time';
    return outcome.kind === 'delivered';
  };

  const inTurn = async (batch: CutBatch | DamagedBatch): Promise<void> => {
    await pending.at(-1);
    if (left !== undefined) return;
    try {
      // A damaged batch lies in quarantine before it comes here.
      if ('damaged' in batch || (await send(batch))) done = batch.batch.number;
    } catch (error) {
      left = 'failed';
      failure = error;
    }
  };

  const waitForRoom = async (): Promise<void> => {
    const startedAt = clock.now();
    const enough = new AbortController();
    await Promise.race([pending[0], clock.sleep(Math.max(0, means.waitMs - waitedMs), enough.signal)]);
    enough.abort();
    waitedMs += clock.now() - startedAt;
    if (pending.length >= 2) left ??= 'behind';
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
    async offer(batch, readNoMore) {
      if (left === undefined && pending.length >= 2) await waitForRoom();
      if (left !== undefined) {
        readNoMore();
        return;
      }
      const turn = inTurn(batch).finally(() => {
        // Without braces it would wait for what `shift` returns, which is this very turn.
        pending.shift();
        readNoMore();
      });
      pending.push(turn);
    },
    async offerUnjournaled(batch) {
      await pending.at(-1);
      if (left !== undefined) return false;
      try {
        return await send(batch);
      } catch (error) {
        left = 'failed';
        failure = error;
        return false;
      }
    },
    async settled() {
      await pending.at(-1);
    },
  };
}
