/** All that is below it belongs to replays: marks of what was sent again, and objects that no longer wait. */
export const replayedFolder = 'replayed/';

/** A mark says that an object has been replayed to a destination; a part says how far a replay of it has got. */
export type ReplayNote = 'marks' | 'parts';

export interface ReplayNotesOwner {
  readonly note: ReplayNote;
  /** The stream's stable name. */
  readonly streamName: string;
  readonly destination: string;
}

/** The notes about one destination. What follows in a note's key is the key of the object that it is about. */
function replayNotesFolder({ note, streamName, destination }: ReplayNotesOwner): string {
  return `${replayedFolder}${note}/${streamName}/${destination}/`;
}

/** The notes about objects whose keys begin with `prefix` have keys that begin with this. */
export function replayNoteKey(of: ReplayNotesOwner, key: string): string {
  return replayNotesFolder(of) + key;
}

/** The object that a note is about; undefined where the key is no note of that destination. */
export function readReplayNoteKey(of: ReplayNotesOwner, noteKey: string): string | undefined {
  const folder = replayNotesFolder(of);
  return noteKey.startsWith(folder) ? noteKey.slice(folder.length) : undefined;
}

/** Where an object goes that every destination has got: it leaves the quarantine or the backup. */
export function replayedKey(key: string): string {
  return replayedFolder + key;
}

/** The key that a moved object had where it waited; undefined where the object is none. */
export function readReplayedKey(key: string): string | undefined {
  return key.startsWith(replayedFolder) ? key.slice(replayedFolder.length) : undefined;
}

/** How far a replay has got within an object. */
export interface ReplayPart {
  /** So many of its events, from the first, were dealt with. */
  readonly events: number;
  /** Those of them that no record can hold. */
  readonly oversized: number;
}

/** @param at ms since the epoch */
export function writeReplayMark(at: number): Uint8Array {
  return Buffer.from(JSON.stringify({ at: new Date(at).toISOString() }));
}

/** @param at ms since the epoch */
export function writeReplayPart(part: ReplayPart, at: number): Uint8Array {
  return Buffer.from(JSON.stringify({ ...part, at: new Date(at).toISOString() }));
}

export function readReplayPart(body: Uint8Array): ReplayPart {
  const { events, oversized } = JSON.parse(Buffer.from(body).toString()) as ReplayPart;
  return { events, oversized };
}
