import type { MosaicStreamProperties } from './contract.ts';

/** The outcome that CloudFormation is told. */
export type Performed = Done | { readonly kind: 'failed'; readonly reason: string };
export interface Done {
  readonly kind: 'done';
  /** The resource's data and the log's fields. */
  readonly data: Readonly<Record<string, string>>;
  /** The resource's identity; absent for that of a stream. */
  readonly physicalId?: string;
}

export function done(
  { StreamName, StreamId }: MosaicStreamProperties,
  outcome: string,
  note: string,
): Performed {
  return {
    kind: 'done',
    data: { StreamName, StreamId, Outcome: outcome, ...(note === '' ? {} : { Note: note }) },
  };
}

export function failed(reason: string): Performed {
  return { kind: 'failed', reason };
}
