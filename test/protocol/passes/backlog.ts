/**
 * What waits for the sweep, as a pass finds it: how much of each run each destination lacks. The steps inside a pass,
 * and what a batch holds, are in the model beside this one; here a whole pass is one step.
 */
export interface Backlog {
  /** Sealed runs that some destination lacks something of, oldest first. */
  readonly runs: readonly WaitingRun[];
  /** For each destination: passes in a row that it was willing in, and that left its oldest batch undelivered. */
  readonly waited: readonly number[];
  /** Destinations to which the last pass brought less than it would have if there were no others. */
  readonly delayed: readonly number[];
}

/** What each destination is owed of a run. */
export type WaitingRun = readonly Owed[];

export interface Owed {
  /** Batches that the destination lacks. */
  readonly lacks: number;
  /** The first of them ends every process that attempts it. */
  readonly poison: boolean;
  /** Tries that its `OPEN` counts. */
  readonly tries: number;
}

/** What the world does between two passes, and during the second. */
export interface World {
  /** Batches of a run that has been sealed meanwhile; 0 for no run. */
  readonly batches: number;
  /** The destination for which the first of them is poison. */
  readonly poisonFor: number | undefined;
  /** For each destination: its delivery stream refuses every call of this pass. */
  readonly refuses: readonly boolean[];
  /** How far the other loops get in a pass that a poison batch ends: to their first attempt, or to their end. */
  readonly luck: 'none' | 'all';
}

export interface PassesConfiguration {
  readonly destinations: number;
  /** Runs that may be open at once. */
  readonly runs: number;
  /** Batches of a run, at most. */
  readonly batches: number;
  /** Batches that one destination takes in the time of a pass. */
  readonly capacity: number;
  /** Poison batches that may wait at once. */
  readonly poison: number;
  /** A willing destination may wait so many passes for its oldest batch. */
  readonly bound: number;
}
