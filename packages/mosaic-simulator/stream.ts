import type { EventType } from './event-types.ts';

/** An answer before it is put on the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The events it took off a stream, whose fate changes if they do not arrive. */
  readonly taken?: { readonly stream: Stream; readonly read: Read };
  /** How many events it carries. */
  readonly events?: number;
}

export interface NewStream {
  readonly type: EventType;
  readonly id: string;
  readonly enriched: boolean;
  readonly retentionMs: number;
  readonly now: number;
}

export interface Stream extends Omit<NewStream, 'now'> {
  readonly createdAt: number;
  /** The number of the first event it gets. */
  readonly start: number;
  /** The number of the next event, beside those in `returned`. */
  next: number;
  /** Consumed, and to come again. */
  returned: number[];
  deletedAt: number | undefined;
  /** Where the topic was when the stream was deleted. */
  end: number | undefined;
  readonly reads: Read[];
  /** Its last answer with events, and how often that is still to come in place of another. */
  lastAnswer: { readonly reply: Reply; repeats: number } | undefined;
}

/** One answer that moved the stream forward. */
export interface Read {
  /** By its number in the log; 0 where none took it. */
  readonly call: number;
  readonly at: number;
  /** Event numbers as pairs [from, to), ascending. */
  readonly ranges: readonly (readonly [number, number])[];
  fate: Fate;
  cause: string | undefined;
}

/** `damaged` arrived in a form that a collector can only quarantine; `expired` was never read in time. */
export type Fate = 'answered' | 'damaged' | 'lost' | 'returned' | 'expired';
