import {
  type ReplayNote,
  type ReplayNotesOwner,
  type ReplayPart,
  readReplayMark,
  readReplayNoteKey,
  readReplayPart,
  replayedKey,
  replayNoteKey,
  writeReplayMark,
  writeReplayPart,
} from '../../functions/stored/replayed-key.ts';
import type { Bucket } from '../access/bucket.ts';

/**
 * Notes of which object has been replayed to which destination. The notes are objects in the same bucket, so a
 * restored table forgets none of them.
 */
export interface Marks {
  /** True once a replay has dealt with the whole object. It may have left events out. */
  has(destination: string, key: string): Promise<boolean>;
  /** Indexes of the events of a marked object that were too old or too new to be sent; empty where there is no mark. */
  leftOut(destination: string, key: string): Promise<readonly number[]>;
  /** Progress of a replay within an unfinished object. */
  part(destination: string, key: string): Promise<ReplayPart>;
  setPart(destination: string, key: string, part: ReplayPart): Promise<void>;
  /** Marks an object. A mark that is there is replaced. */
  set(destination: string, key: string, leftOut: readonly number[]): Promise<void>;
}

/** @param stream the stream's name here */
export function createMarks(bucket: Bucket, stream: string, now: () => number): Marks {
  const listed = new Map<string, Promise<Set<string>>>();
  const owner = (note: ReplayNote, destination: string): ReplayNotesOwner => ({
    note,
    streamName: stream,
    destination,
  });

  /**
   * The keys that a folder's notes name. One listing serves a day of the journal, a day of the quarantine, or a
   * destination's backup.
   */
  const known = (note: ReplayNote, destination: string, key: string): Promise<Set<string>> => {
    const of = owner(note, destination);
    const prefix = replayNoteKey(of, folderOf(key));
    const found = listed.get(prefix) ?? listKeys(bucket, prefix, of);
    listed.set(prefix, found);
    return found;
  };

  return {
    async has(destination, key) {
      return (await known('marks', destination, key)).has(key);
    },
    async leftOut(destination, key) {
      if (!(await known('marks', destination, key)).has(key)) return [];
      return readReplayMark((await bucket.get(replayNoteKey(owner('marks', destination), key))).body);
    },
    async part(destination, key) {
      if (!(await known('parts', destination, key)).has(key)) return { events: 0, oversized: 0, leftOut: [] };
      const { body } = await bucket.get(replayNoteKey(owner('parts', destination), key));
      return readReplayPart(body);
    },
    async setPart(destination, key, part) {
      const body = writeReplayPart(part, now());
      await bucket.put(replayNoteKey(owner('parts', destination), key), { body, metadata: {} });
      (await known('parts', destination, key)).add(key);
    },
    async set(destination, key, leftOut) {
      const body = writeReplayMark(leftOut, now());
      await bucket.put(replayNoteKey(owner('marks', destination), key), { body, metadata: {} });
      (await known('marks', destination, key)).add(key);
    },
  };
}

/** Keys of the objects that the notes below a prefix are about. */
async function listKeys(bucket: Bucket, prefix: string, of: ReplayNotesOwner): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { key } of bucket.list(prefix)) keys.add(readReplayNoteKey(of, key)!);
  return keys;
}

/** The first three folders of a key, which for a batch name its stream's day. */
function folderOf(key: string): string {
  return `${key.split('/').slice(0, 3).join('/')}/`;
}

/** Moves an object out of the quarantine or the backup. The copy lives as long as waiting objects do. */
export async function moveToReplayed(bucket: Bucket, key: string): Promise<void> {
  const object = await bucket.find(key);
  if (object === undefined) return;
  await bucket.put(replayedKey(key), object);
  await bucket.remove(key);
}
