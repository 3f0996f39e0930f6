import type { Cut } from '../../protocol/ports/answers.ts';

/** How an event becomes a line for one destination; its options are in it already. */
export interface LineFormat {
  /** Prepares what all lines of one batch share, so that a line costs a few copies of bytes. */
  begin(cut: Cut, facts: BatchFacts): LineWriter;
}

/** What is true of every event of a batch. */
export interface BatchFacts {
  readonly type: string;
  /** Mosaic's id of the stream. */
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** Brought home by a witness, after the stream's own collector had missed it. */
  readonly recovered?: boolean;
  /** Sent again by an operator, though it had been delivered. */
  readonly replayed?: boolean;
}

export interface LineWriter {
  /** The most bytes that a line can have beyond its event's own. */
  readonly overheadBytes: number;
  /** Writes the line of event `index` at `at`, without a line break, and answers the offset after it. */
  write(index: number, target: Uint8Array, at: number): number;
}
