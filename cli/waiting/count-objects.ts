import type { ListedObject } from '../access/bucket.ts';
import { failsForAll } from '../access/explain-failure.ts';
import { readAhead } from '../access/read-ahead.ts';
import type { Amount } from './amount.ts';

/** Events that wait in one place. */
export interface Counted {
  readonly amount: Amount;
  /** When the oldest of them was collected, at the latest; absent where nothing waits. */
  readonly since?: number;
}

export const nothingCounted: Counted = { amount: { events: 0, known: 'exactly' } };

/** The events of one object. */
export interface ObjectEvents {
  readonly events: number;
  /** Set where the object may hold more events than these. */
  readonly atLeast?: true;
  /** When the oldest of them was collected, milliseconds since the epoch; absent where the object does not say. */
  readonly since?: number;
}

/** The events of objects by their keys. A key is never written anew with other content, so that no object is read twice. */
export type KnownObjects = Map<string, ObjectEvents>;

/** Objects of a place that are read; those beyond are reckoned by their sizes. */
const mostRead = 100;

/**
 * Counts the events of objects: the oldest hundred are read, and the others hold as many events a byte. An object that
 * cannot be read counts as one event at least.
 *
 * @param isCut true where the listing has left objects out
 * @throws what every other object would meet as well: no credentials, no network
 */
export async function countObjects(
  objects: readonly ListedObject[],
  { read, known, isCut = false }: CountOptions,
): Promise<Counted> {
  const sorted = objects.toSorted((one, other) => one.modifiedAt - other.modifiedAt);
  const rest = sorted.slice(mostRead);
  const looked = { objects: 0, events: 0, bytes: 0, atLeast: isCut, since: Number.POSITIVE_INFINITY };
  for await (const { object, found } of readAhead(each(sorted.slice(0, mostRead)), (object) =>
    look(object, { read, known }),
  )) {
    if (found === undefined) continue;
    looked.objects += 1;
    looked.events += found.events;
    looked.bytes += object.size;
    looked.atLeast ||= found.atLeast === true;
    looked.since = Math.min(looked.since, found.since ?? object.modifiedAt);
  }
  const bytes = rest.reduce((sum, { size }) => sum + size, 0);
  const beyond =
    looked.bytes === 0 ? 0 : Math.max(rest.length, Math.ceil((looked.events / looked.bytes) * bytes));
  const events = looked.events + (rest.length === 0 ? 0 : Math.max(rest.length, beyond));
  const since = Math.min(looked.since, ...rest.slice(0, 1).map(({ modifiedAt }) => modifiedAt));
  const amount: Amount = {
    events,
    known: looked.atLeast ? 'atLeast' : rest.length > 0 ? 'about' : 'exactly',
  };
  return Number.isFinite(since) ? { amount, since } : { amount };
}

export interface CountOptions {
  /** Reads one object. @returns undefined where nothing of it waits */
  readonly read: (object: ListedObject) => Promise<ObjectEvents | undefined>;
  readonly known: KnownObjects;
  readonly isCut?: boolean;
}

async function look(object: ListedObject & { readonly size: number }, { read, known }: CountOptions) {
  const before = known.get(object.key);
  if (before !== undefined) return { object, found: before };
  try {
    const found = await read(object);
    if (found !== undefined) known.set(object.key, found);
    return { object, found };
  } catch (error) {
    if (!(error instanceof Error) || failsForAll(error)) throw error;
    // Somebody has replayed it since it was listed, or its days are over.
    if (error.name === 'NoSuchKey') return { object, found: undefined };
    return { object, found: { events: 1, atLeast: true } as const };
  }
}

async function* each(objects: readonly ListedObject[]): AsyncIterable<ListedObject> {
  yield* objects;
}

/** Objects that are listed of one place at most. */
export const mostListed = 10_000;

/** Lists what is wanted of a place. */
export async function listSome(
  objects: AsyncIterable<ListedObject>,
  isWanted: (object: ListedObject) => boolean | Promise<boolean>,
): Promise<{ readonly objects: readonly ListedObject[]; readonly isCut: boolean }> {
  const found: ListedObject[] = [];
  for await (const object of objects) {
    if (!(await isWanted(object))) continue;
    if (found.length === mostListed) return { objects: found, isCut: true };
    found.push(object);
  }
  return { objects: found, isCut: false };
}
