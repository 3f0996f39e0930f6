import type { Answer, AnswerEncoding } from '../answer.ts';
import type { RunId } from './run-id.ts';

/** One answer of Mosaic in the journal: the bytes of an object, and the batch in its key and metadata. */
export interface JournaledBatch extends RunId {
  /** 1.. */
  readonly number: number;
  /** When the answer was whole, in ms since the epoch: kept so that a redelivered line is byte for byte the same. */
  readonly collectedAt: number;
  /** Mosaic's id of the stream that the batch was read from. */
  readonly stream: string;
  readonly answer: Answer;
  /** Set when the body was cut off: the batch goes to quarantine, whatever its bytes look like. */
  readonly cutOff: boolean;
  /** Set when a witness read these events and this stream's own collector has not. */
  readonly recovered?: boolean;
}

/** What a batch's metadata hold. An object's metadata are texts by lower-case names, without `x-amz-meta-`. */
export interface BatchMetadata
  extends Pick<JournaledBatch, 'collectedAt' | 'stream' | 'cutOff' | 'recovered'> {
  readonly encoding: AnswerEncoding;
}

export type ObjectMetadata = Readonly<Record<string, string>>;

export function writeBatchMetadata(batch: BatchMetadata): ObjectMetadata {
  return {
    'collected-at': String(batch.collectedAt),
    stream: batch.stream,
    encoding: batch.encoding,
    ...(batch.cutOff ? { 'cut-off': 'true' } : {}),
    ...(batch.recovered ? { recovered: 'true' } : {}),
  };
}

/** An object without metadata of ours reads as an uncompressed answer whose `collectedAt` is NaN. */
export function readBatchMetadata(metadata: ObjectMetadata): BatchMetadata {
  return {
    collectedAt: Number(metadata['collected-at']),
    stream: metadata.stream ?? '',
    encoding: (metadata.encoding ?? 'identity') as AnswerEncoding,
    cutOff: metadata['cut-off'] === 'true',
    ...(metadata.recovered === 'true' ? { recovered: true } : {}),
  };
}
