import type { Sink } from '../protocol/ports/sink.ts';
import type { DestinationView } from '../views/destination-view.ts';
import type { LineFormat } from './formats/line-format.ts';
import type { ReceiverAges } from './late-events.ts';

/** The settings for delivering to one destination. */
export interface DeliverySettings {
  /** Unique within the stream; the key of the destination's progress in `OPEN`. */
  readonly name: string;
  readonly format: LineFormat;
  /** `lines`: many lines a record, each ended by a line feed; `single`: one event a record, without. */
  readonly packing: 'lines' | 'single';
  /** Each record as a gzip member of its own. */
  readonly compressRecords: boolean;
  readonly sink: Sink;
  /** Bytes a second that Firehose accepts for this delivery stream, by its quota. */
  readonly quotaBytesPerSecond: number;
  /** What the destination may see of an event; absent where it sees everything. */
  readonly view?: DestinationView;
  /** How old and how new an event the receiver takes; absent where no limit is known. */
  readonly ages?: ReceiverAges;
}
