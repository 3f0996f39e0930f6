import type { Batch } from '../batches.ts';

/** Milliseconds before each answers. */
export interface Delays {
  readonly collect: number;
  readonly journal: number;
  readonly firehose: number;
}

/** What the servers saw of a round. */
export interface ServerCounts {
  /** `performance.now()` at each collect call that came. */
  collects: number[];
  journalPuts: number;
  firehoseCalls: number;
  records: number;
  tableWrites: number;
  /** Events that arrived where they belong; only counted where a round is checked. */
  delivered: number;
  /** What was wrong with a request, by its first words. */
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
