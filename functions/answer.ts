/** The body of one answer of Mosaic. */
export interface Answer {
  /** The bytes as they came off the wire. */
  readonly received: Uint8Array;
  /** Their content-encoding. */
  readonly encoding: AnswerEncoding;
}

export type AnswerEncoding = 'identity' | 'gzip' | 'zstd';
