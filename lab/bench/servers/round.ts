import type { Batch } from '../batches.ts';

/** Milliseconds before each server's answer. */
export interface Delays {
  readonly collect: number;
  readonly journal: number;
  readonly firehose: number;
}

/** The servers' counts of a round. */
export interface ServerCounts {
  /** `performance.now()` at each collect call that came. */
  collects: number[];
  journalPuts: number;
  firehoseCalls: number;
  records: number;
  tableWrites: number;
  /** Events that arrived at their destination; counted only where a round is checked. */
  delivered: number;
  /** Problems of requests, by their first words. */
  problems: string[];
}

export interface ServedRound {
  batches: readonly Batch[];
  left: number;
  check: boolean;
  /** Mosaic compresses its answers for callers that accept gzip. */
  gzip: boolean;
  delays: Delays;
  seen: ServerCounts;
}
