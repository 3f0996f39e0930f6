import type { Bucket } from '../access/bucket.ts';

/**
 * What has been replayed, to whom: an object for each object and destination under `replayed/`, beside what they are
 * about, so that a restored table forgets none.
 */
export interface Marks {
  has(destination: string, key: string): Promise<boolean>;
  /** How far a replay has got within an object that is not done with. */
  part(destination: string, key: string): Promise<Part>;
  setPart(destination: string, key: string, part: Part): Promise<void>;
  set(destination: string, key: string): Promise<void>;
}

interface Part {
  /** So many of its events, from the first, were dealt with. */
  readonly events: number;
  /** Those of them that no record can hold. */
  readonly oversized: number;
}

/** @param stream the stream's name here */
export function createMarks(bucket: Bucket, stream: string, now: () => number): Marks {
  const listed = new Map<string, Promise<Set<string>>>();
  const placeOf = (kind: 'marks' | 'parts', destination: string) =>
    `replayed/${kind}/${stream}/${destination}/`;

  /** One listing for a day of the journal, a day of the quarantine, or a destination's backup. */
  const known = (kind: 'marks' | 'parts', destination: string, key: string): Promise<Set<string>> => {
    const prefix = placeOf(kind, destination) + folderOf(key);
    const found = listed.get(prefix) ?? listKeys(bucket, prefix, placeOf(kind, destination).length);
    listed.set(prefix, found);
    return found;
  };

  return {
    async has(destination, key) {
      return (await known('marks', destination, key)).has(key);
    },
    async part(destination, key) {
      if (!(await known('parts', destination, key)).has(key)) return { events: 0, oversized: 0 };
      const { body } = await bucket.get(placeOf('parts', destination) + key);
      return JSON.parse(Buffer.from(body).toString()) as Part;
    },
    async setPart(destination, key, part) {
      const body = Buffer.from(JSON.stringify({ ...part, at: new Date(now()).toISOString() }));
      await bucket.put(placeOf('parts', destination) + key, { body, metadata: {} });
      (await known('parts', destination, key)).add(key);
    },
    async set(destination, key) {
      const body = Buffer.from(JSON.stringify({ at: new Date(now()).toISOString() }));
      await bucket.put(placeOf('marks', destination) + key, { body, metadata: {} });
      (await known('marks', destination, key)).add(key);
    },
  };
}

async function listKeys(bucket: Bucket, prefix: string, skip: number): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { key } of bucket.list(prefix)) keys.add(key.slice(skip));
  return keys;
}

/** `journal/cis/2026-03-02/` of `journal/cis/2026-03-02/<run>/000001.json.zst`. */
function folderOf(key: string): string {
  return `${key.split('/').slice(0, 3).join('/')}/`;
}

/** Where an object goes that every destination has got. */
function replayedKey(key: string): string {
  return `replayed/${key}`;
}

/** Takes an object away from where it waited, and keeps it as long as what waits. */
export async function moveToReplayed(bucket: Bucket, key: string): Promise<void> {
  const object = await bucket.find(key);
  if (object === undefined) return;
  await bucket.put(replayedKey(key), object);
  await bucket.remove(key);
}
