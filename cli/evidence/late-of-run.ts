export interface LateEvent {
  readonly eventId: string;
  /** The key of the journal's object. */
  readonly key: string;
  /** Within the batch, 0.. */
  readonly index: number;
}

/** The events of one destination, by what is known of them. */
export interface FoundLate {
  readonly late: readonly LateEvent[];
  /** Events that became late about when they were delivered: before or after, nothing tells. */
  readonly mayBeLate: readonly LateEvent[];
}

/** The known facts of one run's late events at one destination. */
export interface LateInRun {
  /** The number of late events of the run, as it was recorded with the progress that passed them. */
  readonly told: number;
  /** The number of the last batch that the destination has. */
  readonly last: number;
  /** The numbers of the batches whose events are known. */
  readonly seen: ReadonlySet<number>;
  /** True where the destination has a view, which may have left out any event: those are in no number. */
  readonly hasView: boolean;
  /** Events that were late when their batch was collected, or when the destination had it at the latest. */
  readonly events: readonly TimedEvent[];
}

export interface TimedEvent {
  readonly event: LateEvent;
  /** The number of its batch. */
  readonly number: number;
  /** False for an event that is only here to be counted. */
  readonly asked: boolean;
  /**
   * `none`: late all the time. Time makes an event too old, and one from ahead acceptable. `acceptable-between`: from
   * too far ahead at first, and too old in the end.
   */
  readonly change: 'none' | 'became-late' | 'became-acceptable' | 'acceptable-between';
  /** The event's own time, in ms since the epoch. */
  readonly time: number;
}

/**
 * Tells which events of a run were late.
 *
 * The number decides where it leaves no choice: as many as were late throughout, all, or some of a single batch. A
 * batch was judged by one time, so of its events the oldest were late first, and those from furthest ahead were
 * late longest. Behind a view the number decides only where it is that of all. A number below those that were late throughout was told under another limit, and decides nothing.
 */
export function lateOfRun({ told, last, seen, hasView, events }: LateInRun): FoundLate {
  const throughout = events.filter(({ change }) => change === 'none');
  const between = events.filter(({ change }) => change !== 'none');
  if (told === 0) return { late: [], mayBeLate: [] };
  if (hasView) return told >= events.length && seen.size >= last ? found(events, []) : found([], events);
  if (told < throughout.length) return found([], events);
  if (between.length === 0) return found(throughout, []);
  if (seen.size < last) return found(throughout, between);
  const left = told - throughout.length;
  if (left === 0) return found(throughout, []);
  if (left >= between.length) return found(events, []);
  const [{ number, change }] = between as [TimedEvent];
  const isOneBatch = between.every((each) => each.number === number && each.change === change);
  if (!isOneBatch || change === 'acceptable-between') return found(throughout, between);
  const sign = change === 'became-late' ? 1 : -1;
  const inOrder = between.toSorted((one, other) => sign * (one.time - other.time));
  // Two events of one time were late both or neither, so a border between them was told under another limit.
  if (inOrder[left - 1]!.time === inOrder[left]!.time) return found(throughout, between);
  return found([...throughout, ...inOrder.slice(0, left)], []);
}

function found(late: readonly TimedEvent[], mayBeLate: readonly TimedEvent[]): FoundLate {
  return { late: askedOf(late), mayBeLate: askedOf(mayBeLate) };
}

function askedOf(events: readonly TimedEvent[]): readonly LateEvent[] {
  return events.flatMap(({ asked, event }) => (asked ? [event] : []));
}
