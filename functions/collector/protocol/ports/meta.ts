import type { Asking, Meta, Totals } from '../../../stored/meta-item.ts';
import type { RunEnd } from '../../../stored/run-item.ts';
import type { LeaseOutcome, LeaseRequest } from './lease.ts';

/** The stream's own item, `META`. Times are milliseconds since the epoch. */
export interface MetaItem {
  /**
   * Grants the lease if it is free, expired, or already this run's.
   * @throws {RelayError} `TableFromNewerVersion`; the lease is not granted
   */
  acquireLease(request: LeaseRequest): Promise<LeaseOutcome>;
  /** @returns undefined while the table has no item of the stream. @throws {RelayError} `TableFromNewerVersion` */
  readMeta(): Promise<Meta | undefined>;
  /**
   * Writes the run's end and what to ask for next, adds to the totals and frees the lease, all in one write.
   * @returns false, and nothing written, where the lease is not the run's own any more
   */
  endRun(end: RunEnd, totals: Totals, asking: Asking | undefined): Promise<boolean>;
  /**
   * Writes down which audit is at work, before that audit lists anything.
   * @returns when the last audit was made, as the item said at that very write: the table may have been put back since
   *   `readMeta`
   */
  beginAudit(audit: string): Promise<number | undefined>;
  /**
   * Writes down that an audit has been made.
   * @returns false, and nothing written, where the table has been put back since the audit began, or another audit has
   *   begun
   */
  endAudit(audit: string, at: number): Promise<boolean>;
  /** Of a witness: what the witness read before `until` has been compared. Only growing. */
  markCompared(until: number): Promise<void>;
}
