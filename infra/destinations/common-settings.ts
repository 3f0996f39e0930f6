import { positiveNumber, text, wholeNumber } from '../config/fields.ts';

/** Settings of every kind of destination. */
export interface CommonSettings {
  /** Unique within the stream; part of names on AWS and of metrics. Letters, digits and `-`, up to 16. Default: the kind. */
  readonly name?: string;
  /** Name of the stage's view that says what the destination may see of an event. Default: it sees everything. */
  readonly view?: string;
  /** MiB/s that Firehose accepts for this delivery stream. Above 0, up to 1024, default 5 in us-east-1, us-west-2 and eu-west-1, else 1; set it after a raise. */
  readonly quotaMiBPerSecond?: number;
}

export const commonFields = {
  name: text(/^[A-Za-z0-9][A-Za-z0-9-]{0,15}$/, 'letters, digits and -, up to 16').optional(),
  view: text(/^[a-z][a-z0-9-]{0,31}$/, "the name of one of the stage's views").optional(),
  quotaMiBPerSecond: positiveNumber(1024).optional(),
};

/** How long and how much Firehose holds back before it delivers; both, since one alone would leave the other unsaid. */
export function bufferFields(limits: BufferLimits) {
  return {
    bufferMiB: wholeNumber(1, limits.maxMiB).default(limits.defaultMiB),
    bufferSeconds: wholeNumber(0, limits.maxSeconds).default(limits.defaultSeconds),
  };
}

export interface BufferLimits {
  readonly maxMiB: number;
  readonly defaultMiB: number;
  readonly maxSeconds: number;
  readonly defaultSeconds: number;
}
