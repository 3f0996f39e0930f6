/** What one destination holds. */
export interface Holding {
  readonly kind: string;
  /** The destination's name within the stream. */
  readonly name: string;
  /** Visits every line once, in any order, without its line break; the buffer is the visitor's only during the call. */
  eachLine(visit: (line: Buffer) => void): Promise<void>;
  /** True where the destination is owed the events of that run; absent where it is owed all events. */
  owes?(run: string): boolean;
}

/** What lies in quarantine of one stream. */
export interface QuarantinedEvents {
  /** Visits every event's bytes that can be told apart; `destination` is absent when it is quarantined for all. */
  eachEvent(visit: (raw: Uint8Array, destination: string | undefined) => void): Promise<void>;
}

/** What the collector has journaled of one stream. */
export interface JournaledEvents {
  /** Visits the raw bytes of every event, as often as it was collected, and the batch that holds it. */
  eachEvent(visit: (raw: Uint8Array, batch: CollectedBatch) => void): Promise<void>;
  /** What was collected before may have left it by its lifecycle, in ms since the epoch; absent where nothing has. */
  readonly keptSince?: number;
}

export interface CollectedBatch {
  /** That journaled it. */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** It is no array: what is visited of it may only look like an event. */
  readonly damaged: boolean;
}
