import type { Cut } from '../../protocol/ports/answers.ts';

/** The writer of one destination's lines, with the destination's options. */
export interface LineFormat {
  /** Prepares the part that all lines of one batch share, so that each line costs only a few copies of bytes. */
  begin(cut: Cut, facts: BatchFacts): LineWriter;
}

/** The facts that hold for every event of a batch. */
export interface BatchFacts {
  readonly type: string;
  /** Mosaic's id of the stream. */
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** True where a witness recovered the events, which the stream's own collector had missed. */
  readonly recovered?: boolean;
  /** What the destination's view is called, with its digest; absent where it has none. */
  readonly view?: string;
  /** The id of the key that the view's ids are made with; absent where ids are the raw ones. */
  readonly key?: string;
  /** True where an operator sends the events again. */
  readonly replayed?: boolean;
}

export interface LineWriter {
  /** The most bytes that a line can have beyond its event's own. */
  readonly overheadBytes: number;
  /** Bytes beyond that, of all lines of the batch together. Absent where there are none. */
  readonly extraBytes?: number;
  /** Writes the line of event `index` at offset `at`, without a line break, and returns the offset after the line. */
  write(index: number, target: Uint8Array, at: number): number;
}
