import type { AnswerEncoding } from '../answer.ts';
import type { ObjectMetadata } from './journaled-batch.ts';
import type { RunId } from './run-id.ts';

/** What no destination, or one of them, can ever take: the bytes of an object, and the facts in its key and metadata. */
export interface QuarantineEntry extends RunId {
  readonly number: number;
  /** Which destination could not take it; absent when none could. */
  readonly destination?: string;
  /** The event's index within the batch, 0..; absent when it is the whole batch. */
  readonly index?: number;
  readonly reason: QuarantineReason;
  /** Of the batch, in ms since the epoch. */
  readonly collectedAt: number;
  /** Mosaic's id of the stream that the batch was read from. */
  readonly stream: string;
  readonly bytes: Uint8Array;
  readonly encoding: AnswerEncoding;
}

export type QuarantineReason =
  | 'not-an-array'
  | 'invalid-json'
  | 'cut-off'
  | 'above-decompressed-cap'
  | 'above-event-cap'
  | 'damaged-compression'
  | 'event-above-record-limit'
  | 'delivery-crashed-five-times';

export type QuarantineMetadata = Pick<QuarantineEntry, 'reason' | 'collectedAt' | 'stream' | 'encoding'>;

export function writeQuarantineMetadata(entry: QuarantineMetadata): ObjectMetadata {
  return {
    reason: entry.reason,
    'collected-at': String(entry.collectedAt),
    stream: entry.stream,
    encoding: entry.encoding,
  };
}

export function readQuarantineMetadata(metadata: ObjectMetadata): QuarantineMetadata {
  return {
    reason: metadata.reason as QuarantineReason,
    collectedAt: Number(metadata['collected-at']),
    stream: metadata.stream ?? '',
    encoding: (metadata.encoding ?? 'identity') as AnswerEncoding,
  };
}
