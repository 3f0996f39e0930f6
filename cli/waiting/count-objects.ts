import {
  type Counted,
  type ObjectEvents,
  reckonEvents,
  unreadable,
} from '../../functions/stored/waiting-events.ts';
import type { ListedObject } from '../access/bucket.ts';
import { failsForAll } from '../access/explain-failure.ts';
import { readAhead } from '../access/read-ahead.ts';

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
  const looked: Awaited<ReturnType<typeof look>>[] = [];
  const first = each(sorted.slice(0, mostRead));
  for await (const one of readAhead(first, (object) => look(object, { read, known }))) looked.push(one);
  return reckonEvents(looked, { rest: sorted.slice(mostRead), isCut });
}

export interface CountOptions {
  /** Reads one object. @returns undefined where nothing of it waits */
  readonly read: (object: ListedObject) => Promise<ObjectEvents | undefined>;
  readonly known: KnownObjects;
  readonly isCut?: boolean;
}

async function look(object: ListedObject, { read, known }: CountOptions) {
  const before = known.get(object.key);
  if (before !== undefined) return { object, found: before };
  try {
    const found = await read(object);
    if (found !== undefined) known.set(object.key, found);
    return { object, found };
  } catch (error) {
    if (!(error instanceof Error) || failsForAll(error)) throw error;
    // Somebody has replayed it since it was listed, or its days are over.
    return { object, found: error.name === 'NoSuchKey' ? undefined : unreadable };
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
