import type { Cut, EventTimes } from '../protocol/ports/answers.ts';
import { parseTimestamp } from './event-timestamp.ts';

/**
 * Gives the newest of the events' own timestamps, in ms since the epoch; undefined where none can be read.
 *
 * ISO 8601 timestamps of one length are compared as bytes and only the greatest is parsed, because this runs for
 * every batch on the hot path.
 */
export function newestEventAt({ source, count, timestamps }: Cut): number | undefined {
  let newest = -1;
  for (let index = 0; index < count; index++) {
    if (timestamps.ends[index]! === 0) continue;
    if (newest === -1 || isGreater(source, timestamps, index, newest)) newest = index;
  }
  if (newest === -1) return undefined;
  return parseTimestamp(source, timestamps.starts[newest]!, timestamps.ends[newest]!);
}

/** True if the timestamp of event `a` is greater than that of `b`: longer, or greater byte by byte. */
function isGreater(source: Uint8Array, { starts, ends }: Cut['timestamps'], a: number, b: number): boolean {
  const length = ends[a]! - starts[a]!;
  if (length !== ends[b]! - starts[b]!) return length > ends[b]! - starts[b]!;
  for (let offset = 0; offset < length; offset++) {
    const difference = source[starts[a]! + offset]! - source[starts[b]! + offset]!;
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Reads every event's timestamp. Only answers of few events are read so; `newestEventAt` serves all. */
export function eventTimes({ source, count, timestamps }: Cut): EventTimes {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const end = timestamps.ends[index]!;
    const time = end === 0 ? undefined : parseTimestamp(source, timestamps.starts[index]!, end);
    if (time !== undefined) times.push(time);
  }
  const unreadable = count - times.length;
  times.sort((a, b) => a - b);
  return { oldest: times[0], median: times[times.length >> 1], newest: times.at(-1), unreadable };
}
