import { readReplayedKey, replayedKey } from '../../../functions/stored/replayed-key.ts';
import { mayHold, type SearchOptions } from '../waiting.ts';

/** An object of the quarantine or of a backup. */
interface WaitingObject {
  /** The key under which it waits, or waited. */
  readonly key: string;
  /** The key under which it is now. */
  readonly at: string;
  /** True for an object that has left its place, because every destination was replayed to. */
  readonly isMoved: boolean;
}

/**
 * Lists the objects below a prefix that can hold events of the range. Where late events are sent too, these are also the
 * objects that were moved from there, since a replay may have left late events of them out.
 */
export async function* listWaiting(
  { bucket, range, late }: Pick<SearchOptions, 'bucket' | 'range' | 'late'>,
  prefix: string,
): AsyncIterable<WaitingObject> {
  for await (const { key, modifiedAt } of bucket.list(prefix))
    if (mayHold(range, modifiedAt)) yield { key, at: key, isMoved: false };
  if (!late) return;
  for await (const { key: at, modifiedAt } of bucket.list(replayedKey(prefix)))
    if (mayHold(range, modifiedAt)) yield { key: readReplayedKey(at)!, at, isMoved: true };
}
