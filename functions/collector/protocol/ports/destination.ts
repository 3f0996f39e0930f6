import type { RunId } from '../../../stored/run-id.ts';
import type { Counters } from '../counters.ts';
import type { Delivered } from '../delivered.ts';
import type { LargeAnswers } from '../large-answers.ts';
import type { CutBatch, DamagedBatch } from './answers.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Quarantine } from './quarantine.ts';

/** Where a stream's events go. */
export interface DestinationPort {
  /** Unique within the stream; the key of the destination's progress in `OPEN`. */
  readonly name: string;
  /** How deep in events its view looks; absent where it has none. A batch is best opened with that. */
  readonly memberDepth?: number;
  /** Opens the destination's path through one run. Nothing is sent before a batch is offered. */
  createQueue(means: QueueOptions): DeliveryQueue;
  /** Begins a flow at the destination's quota. */
  createFlow(means: FlowOptions): DeliveryFlow;
  /**
   * Brings one journaled batch to the destination, for a run and for a sweep alike.
   *
   * `delivered` means that Firehose accepted every record, and that what it can never take lies in quarantine; only
   * then may progress be recorded. A batch that is delivered twice arrives twice, byte for byte the same.
   * @throws {RelayError} `QuarantineRefused`; what an event makes the code throw. Some records may have been accepted.
   */
  deliver(batch: CutBatch, means: DeliverOptions): Promise<DeliveryOutcome>;
}

export interface DeliverOptions {
  readonly type: string;
  readonly quarantine: Pick<Quarantine, 'quarantine'>;
  readonly clock: Clock;
  /** Ends every wait and call, when the invocation has to end. */
  readonly signal: AbortSignal;
  /** Milliseconds from a first refusal, throttling excepted, after which the batch is left to a later sweep. */
  readonly patienceMs: number;
  /** Milliseconds of throttling without progress that end the attempt; absent where throttling never ends it. */
  readonly throttlePatienceMs?: number;
  readonly flow: DeliveryFlow;
  /** Present where the attempt holds memory that others wait for. */
  readonly turn?: DeliveryTurn;
}

export interface DeliveryTurn {
  /** Milliseconds that the attempt may fall behind the quota before the rest is put off to a later turn. */
  readonly mostBehindMs: number;
  /** Indexes of the records that the turn before left unsent; undefined in the first turn. */
  readonly unsent: readonly number[] | undefined;
  /** The time by which the first turn judged which events are late, in ms since the epoch; undefined in the first turn. */
  readonly judgedAt: number | undefined;
}

export type DeliveryOutcome =
  | ({ readonly kind: 'delivered' } & Delivered)
  /** The destination's delivery stream would not take it within the patience, for a reason other than throttling. */
  | { readonly kind: 'refused'; readonly reason: string; readonly refusedRecords: number }
  /** The turn is over. Firehose has accepted every record but those at the indexes `unsent`. */
  | {
      readonly kind: 'put-off';
      readonly unsent: readonly number[];
      readonly judgedAt: number;
      readonly refusedRecords: number;
    }
  /** The signal ended the attempt. Firehose may have accepted some records. */
  | { readonly kind: 'aborted'; readonly refusedRecords: number };

/**
 * The flow of bytes to one delivery stream: how fast calls follow each other, and how large one may be.
 *
 * A call waits until the calls before it have used up their time at the rate; the first one goes at once. No call is larger
 * than the quota takes in a second. A call that Firehose throttles whole halves the size of the next, and each call
 * that is taken lets it grow again by an eighth of the quota.
 */
export interface DeliveryFlow {
  /** The most bytes that the next call may hold, where it holds more than one record. */
  readonly callBytes: number;
  /** Waits until a call of so many bytes may be sent, or the signal aborts. */
  wait(bytes: number): Promise<void>;
  /** Milliseconds that this many bytes take at the present rate. */
  durationMs(bytes: number): number;
  /** Firehose took a call. */
  taken(): void;
  /** Firehose did not take this many bytes of a call. Their time is given back. */
  returned(bytes: number): void;
  /** Firehose throttled a whole call of so many bytes. */
  throttled(bytes: number): void;
}

export interface FlowOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The share of the quota that the flow may use now, 0 < share <= 1, asked at each call. Default 1. */
  readonly share?: () => number;
}

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
  /** Events of the batches 1..done that were late for the receiver. */
  readonly late: number;
  /** Why the queue left the rest of the run to the sweep; undefined while the queue goes on. */
  readonly left: string | undefined;
  /** The error that ended the queue, such as a journal that could not be read; undefined after a mere refusal. */
  readonly failure: unknown;
  /** Hands over the next journaled batch, and does not wait. Without `inMemory` the queue reads the journal. */
  offer(number: number, inMemory: HeldBatch | undefined): void;
  /**
   * Hands over the run's last batch, which is not in the journal. The batch is tried even if the queue has given up.
   * @returns true where every event was delivered, and none held back as late; it is never recorded as done
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

export interface QueueOptions {
  readonly run: RunId;
  readonly type: string;
  readonly journal: Pick<Journal, 'get'>;
  readonly quarantine: Pick<Quarantine, 'quarantine'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly counters: Counters;
  readonly flow: DeliveryFlow;
  readonly large: LargeAnswers;
  /** Milliseconds for which a refused batch is tried. */
  readonly patienceMs: number;
  readonly decompressedCapBytes: number;
}
