import type { Readable } from 'node:stream';

export type AwsAnswer = AwsResponse | DroppedAnswer;

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string | Readable;
}

/** The connection is reset, whatever was done. */
export interface DroppedAnswer {
  readonly dropped: true;
}
