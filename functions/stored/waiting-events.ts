/** A number of events, and how surely it is known. */
export interface Amount {
  readonly events: number;
  /** `atLeast`: there may be more of them. `about`: reckoned from sizes or from other events. */
  readonly known: 'exactly' | 'atLeast' | 'about';
}

/** Events that wait in one place. */
export interface Counted {
  readonly amount: Amount;
  /** When the oldest of them was collected, at the latest; absent where nothing waits. Milliseconds since the epoch. */
  readonly since?: number;
}

export const nothingCounted: Counted = { amount: { events: 0, known: 'exactly' } };

/** The events of one object. */
export interface ObjectEvents {
  readonly events: number;
  /** Set where the object may hold more events than these. */
  readonly atLeast?: true;
  /** When the oldest of them was collected; absent where the object does not say. */
  readonly since?: number;
}

/** An object that cannot be read holds one event at least. */
export const unreadable: ObjectEvents = { events: 1, atLeast: true };

export interface SizedObject {
  readonly size: number;
  readonly modifiedAt: number;
}

/**
 * Reckons the events of objects of which some were read: the others hold as many events a byte, and one at least.
 *
 * @param looked objects that were read, with what they hold; undefined where nothing of an object waits any more
 */
export function reckonEvents(
  looked: readonly { readonly object: SizedObject; readonly found: ObjectEvents | undefined }[],
  { rest, isCut }: { readonly rest: readonly SizedObject[]; readonly isCut: boolean },
): Counted {
  let [events, bytes, since, atLeast] = [0, 0, Number.POSITIVE_INFINITY, isCut];
  for (const { object, found } of looked) {
    if (found === undefined) continue;
    events += found.events;
    bytes += object.size;
    atLeast ||= found.atLeast === true;
    since = Math.min(since, found.since ?? object.modifiedAt);
  }
  const beyond = bytes === 0 ? 0 : (events / bytes) * rest.reduce((sum, { size }) => sum + size, 0);
  for (const { modifiedAt } of rest) since = Math.min(since, modifiedAt);
  const amount: Amount = {
    events: events + Math.max(rest.length, Math.ceil(beyond)),
    known: atLeast ? 'atLeast' : rest.length > 0 ? 'about' : 'exactly',
  };
  return Number.isFinite(since) ? { amount, since } : { amount };
}
