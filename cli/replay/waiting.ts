import type { Bucket } from '../access/bucket.ts';
import { type DeployedRelay, type DeployedStream, destinationOf } from '../access/deployed-relay.ts';
import type { Lines } from './lines.ts';
import type { Marks } from './marks.ts';

export const replaySources = ['journal', 'quarantine', 'firehose-errors', 'queues'] as const;
/** A place where events can wait. */
export type ReplaySource = (typeof replaySources)[number];

/** An object or a message in which events wait. */
export interface Waiting {
  readonly source: ReplaySource;
  /** The object's key, or the message's id. */
  readonly key: string;
  /** The chosen destinations that lack it. */
  readonly destinations: readonly string[];
  /** Reads the object or the message. */
  open(): Promise<Opened>;
  /** Removes it from the place where it waited, once every destination has received all of it. */
  settle(): Promise<void>;
}

export type Opened =
  /** Events that Firehose delivers. */
  | {
      readonly kind: 'lines';
      readonly lines: Lines;
      readonly problems: readonly string[];
      /**
       * Set where the lines are the whole events of an answer that was cut off: the number of bytes after the last
       * of them.
       */
      readonly restBytes?: number;
    }
  /** A message that is sent on unchanged. */
  | { readonly kind: 'message'; readonly events: number; readonly send: () => Promise<void> }
  /** No event in it was collected in the range. */
  | { readonly kind: 'out-of-range' }
  /** Its content cannot be sent, for this reason. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** A range by time of collection, in milliseconds since the epoch: `from` included, `to` excluded. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface SearchOptions {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly bucket: Bucket;
  readonly marks: Marks;
  /** Absent if everything that waits is meant. */
  readonly range: TimeRange | undefined;
  /** The chosen destinations. */
  readonly destinations: readonly string[];
  /** Looks also for events that an earlier replay has left out, because they were too old or too new. */
  readonly late: boolean;
}

/** True if a destination still waits for an object, or for events of it that an earlier replay has left out. */
export async function isOwed(
  { stream, marks, late }: Pick<SearchOptions, 'stream' | 'marks' | 'late'>,
  destination: string,
  key: string,
): Promise<boolean> {
  if (!(await marks.has(destination, key))) return true;
  if (!late || destinationOf(stream, destination).ages === undefined) return false;
  return (await marks.leftOut(destination, key)).length > 0;
}

export interface Found {
  readonly waiting: readonly Waiting[];
  /** Objects that are still there and have been replayed before. */
  readonly replayedBefore: number;
  /** Objects that no present destination lacks: a line for each. */
  readonly problems: readonly { readonly key: string; readonly reason: string }[];
  /** Gives back messages that were only read. */
  readonly release?: () => Promise<void>;
}

export function isWithin(range: TimeRange | undefined, time: number): boolean {
  return range === undefined || (time >= range.from && time < range.to);
}

/** True if an object that was written at this time can hold events that were collected in the range. */
export function mayHold(range: TimeRange | undefined, modifiedAt: number): boolean {
  return range === undefined || modifiedAt >= range.from - clockSlackMs;
}

/** The difference between two clocks, and the time of a run to journal a batch in hand. */
const clockSlackMs = 15 * 60_000;
