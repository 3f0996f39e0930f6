import type { JournaledBatch } from '../../../stored/journaled-batch.ts';
import type { RunId } from '../../../stored/run-id.ts';

/** The batches of one stream as they came, numbered 1.. without a gap inside a run. */
export interface Journal {
  /**
   * Resolves only when the object is durable. Putting the same batch again is harmless.
   * @throws when S3 refused, or `signal` aborted the call: the object may then still appear, minutes later
   */
  put(batch: JournaledBatch, signal: AbortSignal): Promise<void>;
  /** @throws {RelayError} `JournalObjectMissing`; when S3 refused, or `signal` aborted the call. Nothing has changed. */
  get(run: RunId, number: number, signal?: AbortSignal): Promise<JournaledBatch>;
  /** The numbers of the batches that are there of a run, ascending. @throws when S3 refused */
  numbers(run: RunId): Promise<readonly number[]>;
  /** The numbers of the run's batches that an operator erased, ascending. They are not lost. @throws when S3 refused */
  erased(run: RunId): Promise<readonly number[]>;
  /** The UTC days (`2026-03-01`) on which runs started that journaled something, ascending. @throws when S3 refused */
  days(): Promise<readonly string[]>;
  /** The ids of the runs that started on a UTC day and journaled something. @throws when S3 refused */
  runsOn(day: string): Promise<readonly string[]>;
  /**
   * Writes an object that is no batch where the stream's batches are written, with the same permission.
   * @throws when a PUT would be refused now, or `signal` aborted the call
   */
  probe(signal: AbortSignal): Promise<void>;
}
