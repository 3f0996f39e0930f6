/** What one destination holds. */
export interface Holding {
  readonly kind: string;
  /** The destination's name within the stream. */
  readonly name: string;
  /** Visits every line once, in any order, without its line break; the buffer is the visitor's only during the call. */
  eachLine(visit: (line: Buffer) => void): Promise<void>;
  /** Whether it is owed what that run collected; absent where it is owed everything. */
  owes?(run: string): boolean;
}

/** What lies in quarantine of one stream. */
export interface Quarantine {
  /** Visits every event's bytes that can be told apart; `destination` is absent when it is quarantined for all. */
  eachEvent(visit: (raw: Uint8Array, destination: string | undefined) => void): Promise<void>;
}

/** What the collector has journaled of one stream. */
export interface Journal {
  /** Visits the raw bytes of every event, as often as it was collected, and the batch that holds it. */
  eachEvent(visit: (raw: Uint8Array, batch: JournaledBatch) => void): Promise<void>;
  /** What was collected before may have left it by its lifecycle, in ms since the epoch; absent where nothing has. */
  readonly keptSince?: number;
}

export interface JournaledBatch {
  /** That journaled it. */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** It is no array: what is visited of it may only look like an event. */
  readonly damaged: boolean;
}
