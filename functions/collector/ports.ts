import type { Answer } from '../answer.ts';
import type { JournaledBatch } from '../stored/journaled-batch.ts';
import type { Asking, Lease, Meta, Totals } from '../stored/meta-item.ts';
import type { OpenRun } from '../stored/open-item.ts';
import type { QuarantineEntry } from '../stored/quarantine-entry.ts';
import type { RunId } from '../stored/run-id.ts';
import type { RunEnd, RunRecord } from '../stored/run-item.ts';

/**
 * What a run and a sweep need of the world, in the words of the protocol.
 *
 * Every port has a suite in `test/contracts/` that its in-memory form and its adapter both pass. Times are
 * milliseconds since the epoch. A method that fails for a reason the protocol treats as a value returns it;
 * everything else throws.
 */

/** Mosaic, as one run sees it: opened at its start and closed at its end, so that no socket outlives a run. */
export interface Source {
  /** One collect call. Never throws for what the network or Mosaic did: that is the outcome. */
  collect(request: CollectRequest): Promise<CollectOutcome>;
  /** Starts collection of the type and creates the stream; 409 is success. */
  reopen(signal: AbortSignal): Promise<ReopenOutcome>;
  close(): void;
}

export interface CollectRequest {
  /** 1..1000; a batch size that a pull URL carries is lowered to it. */
  readonly batchSize: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type CollectOutcome =
  /** A 2xx answer, whole. No bytes at all count as `[]`. */
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** Lets the memory of the answer be used again, once nothing reads it any more; to be called once at most. */
      readonly release?: () => void;
    }
  /** Mosaic consumed nothing, so asking again loses nothing. */
  | {
      readonly kind: 'nothing-consumed';
      readonly reason: NothingConsumed;
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly message: string;
    }
  /** Mosaic may have consumed a batch. `partial` is what arrived of a body that was cut off. */
  | {
      readonly kind: 'unknown';
      readonly reason: UnknownReason;
      readonly status?: number;
      readonly partial?: Answer;
      readonly message: string;
    }
  /** 410: this version of the API is gone. */
  | { readonly kind: 'retired'; readonly message: string };

export type NothingConsumed =
  /** DNS, connect, TLS, or no token to send. */
  | 'not-sent'
  /** 429. */
  | 'throttled'
  /** 401 twice, the second time with the secret read again and a fresh token; or the token endpoint refused it. */
  | 'credential-refused'
  /** 403: collection of the type was never started, or was stopped. */
  | 'not-started'
  /** 404: there is no such stream. */
  | 'stream-missing'
  /** 400, 406 and any other 4xx. */
  | 'request-refused';

export type UnknownReason =
  | 'timeout'
  | 'reset'
  | 'cut-off'
  | 'server-error'
  | 'unexpected-status'
  | 'above-wire-cap';

export type ReopenOutcome =
  /** `already` says that Mosaic answered 409 to both calls: nothing was missing. */
  | { readonly kind: 'reopened'; readonly already: boolean }
  /** A pull URL, or the setting `autoReopen` is off. */
  | { readonly kind: 'not-ours'; readonly message: string }
  | { readonly kind: 'failed'; readonly status?: number; readonly message: string };

/** The batches of one stream as they came, numbered 1.. without a gap inside a run. */
export interface Journal {
  /**
   * Resolves only when the object is durable. Putting the same batch again is harmless.
   * @throws when S3 refused, or `signal` aborted it: the object may then still appear
   */
  put(batch: JournaledBatch, signal: AbortSignal): Promise<void>;
  /** The numbers present for a run, ascending. */
  numbers(run: RunId): Promise<readonly number[]>;
  /** @throws when it is not there, S3 refused, or `signal` aborted it */
  get(run: RunId, number: number, signal?: AbortSignal): Promise<JournaledBatch>;
  /** Keeps what no destination can take. The same entry twice is one object. */
  quarantine(entry: QuarantineEntry, signal?: AbortSignal): Promise<void>;
  /** Counts the objects of the stream in quarantine, which wait for an operator. */
  quarantined(): Promise<ObjectCount>;
  /** Counts the objects that Firehose has written of what a destination would not take; they wait for an operator too. */
  refusedByDestinations(): Promise<ObjectCount>;
  /**
   * Writes an object that is no batch where the stream's batches are written, with the same permission.
   * @throws when a PUT would be refused now
   */
  probe(signal: AbortSignal): Promise<void>;
  /** The UTC days (`2026-03-01`) on which runs started that journaled something, ascending. */
  days(): Promise<readonly string[]>;
  /** The ids of the runs that started on a UTC day and journaled something. */
  runsOn(day: string): Promise<readonly string[]>;
}

/** Objects below a prefix, counted up to a bound. */
export interface ObjectCount {
  readonly objects: number;
  /** True where the count stopped at its bound: there may be more. */
  readonly atLeast: boolean;
}

/** One destination's delivery stream. */
export interface Sink {
  /**
   * One PutRecordBatch. The answer is aligned with `records`: undefined where accepted, else Firehose's code.
   * @throws {SinkRefused} when the whole call was refused; its outcome may be unknown
   */
  put(records: readonly Uint8Array[], signal: AbortSignal): Promise<readonly (string | undefined)[]>;
}

/** The stream's metadata. */
export interface State {
  /** Grants the lease if it is free, expired, or already this run's. */
  acquireLease(request: LeaseRequest): Promise<LeaseOutcome>;
  readMeta(): Promise<Meta | undefined>;
  /** Writes the `OPEN` item unless it is there. */
  open(open: OpenRun): Promise<void>;
  /**
   * Sets `done` of a destination, only growing, and forgets its tries.
   * @returns false where there is no `OPEN`: it has been closed, or the table was put back
   */
  recordDone(run: RunId, destination: string, number: number): Promise<boolean>;
  /** Like `recordDone`, past batches that have left the journal; adds `lost` to those of the run. */
  recordLost(run: RunId, destination: string, number: number, lost: number): Promise<boolean>;
  /** Sets how many batches the run has journaled so far, only growing. @returns false where there is no `OPEN` */
  recordBatches(run: RunId, lastNumber: number): Promise<boolean>;
  /**
   * Sets `sealAfter` and the final `lastNumber`: nothing more of the run is on its way.
   * @returns false where there is no `OPEN`
   */
  seal(run: RunId, at: number, lastNumber: number): Promise<boolean>;
  /** Sets the final `lastNumber` of a run that did not seal itself, only growing, only while `OPEN` exists. */
  countBatches(run: RunId, lastNumber: number): Promise<void>;
  /** Counts one attempt at a batch before it is made, and answers how many it is now. 0 if `OPEN` is gone. */
  countTry(run: RunId, destination: string, number: number): Promise<number>;
  /** Forgets the tries of a destination, for an attempt that ended without a crash or timeout. */
  clearTries(run: RunId, destination: string): Promise<void>;
  /** Deletes `OPEN`. A `RUN#` of the run that says `complete` must have been written before. */
  close(run: RunId): Promise<void>;
  /** Every `OPEN` of the stream. */
  listOpen(): Promise<readonly OpenRun[]>;
  /** Writes `RUN#` unless it is there. */
  writeRecord(record: RunRecord): Promise<void>;
  /** Sets `complete` and `lost` in the run's `RUN#`, which it writes as given where there is none. */
  completeRecord(record: RunRecord): Promise<void>;
  readRecord(run: RunId): Promise<RunRecord | undefined>;
  /** The records of runs that started in [from, to), oldest first. */
  listRecords(range: { readonly from: number; readonly to: number }): Promise<readonly RunRecord[]>;
  /**
   * Writes the run's end and what to ask for next, adds to the totals and frees the lease, all in one write.
   * @returns false, and nothing written, where the lease is not its own any more
   */
  endRun(end: RunEnd, totals: Totals, asking: Asking | undefined): Promise<boolean>;
  /**
   * Writes down which audit is at work, before it lists anything.
   * @returns when the last audit was made, as it stood at that very write: the table may have been put back since it
   *   was read before
   */
  beginAudit(audit: string): Promise<number | undefined>;
  /**
   * Writes down that an audit has been made.
   * @returns false where the table has been put back since it began, or another one has begun: neither of the two
   *   knows what this one has not seen
   */
  endAudit(audit: string, at: number): Promise<boolean>;
  /** Of a witness: what it read before `until` has been compared. Only growing. */
  markCompared(until: number): Promise<void>;
  /** Sets since when a retiring stream has been found empty by drained runs; undefined: it gave events. */
  markEmpty(streamId: string, since: number | undefined): Promise<void>;
  /** Forgets a retiring stream that has been read empty. */
  retire(streamId: string): Promise<void>;
}

export interface LeaseRequest extends RunId {
  readonly now: number;
  readonly until: number;
}

export type LeaseOutcome =
  | {
      readonly granted: true;
      /** The metadata as it was before. */
      readonly meta: Meta | undefined;
      /** The lease of another run that never ended. */
      readonly interrupted: Lease | undefined;
      /** How many runs in a row never ended, that one included: none of them lived to tell of the others. */
      readonly neverEnded: number;
    }
  | { readonly granted: false; readonly holder: Lease };

/**
 * Tells that so many batches may be lost, at once and before anything is written that would let nobody look again.
 * Telling a loss twice is allowed, not telling it is not.
 */
export type TellLoss = (batches: number) => void;

/** The passing of time, and chance. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when aborted; never rejects. 0 lets what was just sent leave, aborted or not. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
}
