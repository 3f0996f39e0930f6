import type { SeenThrough } from './seen-events.ts';

/** The lines that one destination holds. */
export interface Holding {
  readonly kind: string;
  /** The destination's name within the stream. */
  readonly name: string;
  /** Visits every line once, in any order, without its line break. The buffer may be overwritten after the call. */
  eachLine(visit: (line: Buffer, isRedated?: boolean) => void): Promise<void>;
  /** Visits the lines that an operator has erased there; absent where nobody can. */
  eachErased?(visit: (line: Buffer) => void): Promise<void>;
  /** True where the destination is owed the events of that run; absent where it is owed all events. */
  owes?(run: string): boolean;
  /** The events that were too old or too new for the destination's receiver; absent where no limit is known. */
  readonly late?: ToldLate;
  /** What the destination's view makes of an event; absent where it sees everything. */
  readonly seen?: SeenThrough;
}

/**
 * The accounts of a destination's late events. A lacking event counts as late only if one of them covers it: an old
 * event that is lost is missing.
 */
export interface ToldLate {
  /** True where an event was too old or too new for the destination's receiver at any time since its collecting. */
  isLate(raw: Uint8Array, collectedAt: number): boolean;
  /** Number of events of a run that its collector, and sweeps, have told of as held back. */
  heldBack(run: string): number;
  /** Visits the id of every event that the receiver, or a replay, has told of by itself; an id may come twice. */
  eachId(visit: (id: string) => void): Promise<void>;
}

/** The events of one stream in quarantine. */
export interface QuarantinedEvents {
  /**
   * Visits the bytes of every event that can be told apart; `destination` is absent where the event is quarantined
   * for all.
   */
  eachEvent(visit: (raw: Uint8Array, destination: string | undefined) => void): Promise<void>;
}

/** The events of one stream that the collector has journaled. */
export interface JournaledEvents {
  /** Visits the raw bytes of every event with its batch, as often as the event was collected. */
  eachEvent(visit: (raw: Uint8Array, batch: CollectedBatch) => void): Promise<void>;
  /**
   * Time, in ms since the epoch, before which the journal's lifecycle may have removed events; absent where it has
   * removed none.
   */
  readonly keptSince?: number;
}

export interface CollectedBatch {
  /** The run that journaled the batch. */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** True where the batch is no array: a visited text may only look like an event. */
  readonly damaged: boolean;
  /** True where an operator has erased the batch since. */
  readonly isErased?: boolean;
}
