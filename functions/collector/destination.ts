import type { LineFormat } from './formats/line-format.ts';
import type { Sink } from './ports.ts';

/** Where a stream's events go, with everything that delivering to it takes. */
export interface Destination {
  /** Unique within the stream; the key of its progress in `OPEN`. */
  readonly name: string;
  readonly format: LineFormat;
  readonly packing: 'lines' | 'single';
  readonly compressRecords: boolean;
  readonly sink: Sink;
  /** What Firehose accepts for this delivery stream by its quota. */
  readonly quotaBytesPerSecond: number;
}
