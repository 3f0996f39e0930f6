/** All that is below it belongs to replays: marks of what was sent again, and objects that no longer wait. */
export const replayedFolder = 'replayed/';

/**
 * A mark says that a replay has dealt with a whole object for a destination, and which events of it were left out; a part
 * says how far a replay of it has got.
 */
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
  /**
   * Indexes of those of them that were too old or too new for the destination's receiver and were not sent, ascending.
   */
  readonly leftOut: readonly number[];
}

/**
 * @param leftOut as in `ReplayPart`
 * @param at ms since the epoch
 */
export function writeReplayMark(leftOut: readonly number[], at: number): Uint8Array {
  return Buffer.from(JSON.stringify({ ...leftOutIfAny(leftOut), at: new Date(at).toISOString() }));
}

/** The events that a mark says were left out, as in `ReplayPart`. */
export function readReplayMark(body: Uint8Array): readonly number[] {
  const { leftOut = [] } = JSON.parse(Buffer.from(body).toString()) as Partial<ReplayPart>;
  return leftOut;
}

function leftOutIfAny(leftOut: readonly number[]): Partial<Pick<ReplayPart, 'leftOut'>> {
  return leftOut.length === 0 ? {} : { leftOut };
}

/** @param at ms since the epoch */
export function writeReplayPart({ leftOut, ...part }: ReplayPart, at: number): Uint8Array {
  return Buffer.from(JSON.stringify({ ...part, ...leftOutIfAny(leftOut), at: new Date(at).toISOString() }));
}

export function readReplayPart(body: Uint8Array): ReplayPart {
  const {
    events,
    oversized,
    leftOut = [],
  } = JSON.parse(Buffer.from(body).toString()) as Pick<ReplayPart, 'events' | 'oversized'> &
    Partial<ReplayPart>;
  return { events, oversized, leftOut };
}
