import type { Bucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
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
  /** Who has not got it yet, of those that are asked for. */
  readonly destinations: readonly string[];
  /** Reads it. */
  open(): Promise<Opened>;
  /** Leaves the place where it waited, once every destination that it is owed to has got all of it. */
  settle(): Promise<void>;
}

export type Opened =
  /** To be delivered by Firehose. */
  | {
      readonly kind: 'lines';
      readonly lines: Lines;
      readonly problems: readonly string[];
      /** Set for an answer that was cut off, of which the lines are the whole events: the bytes after the last of them. */
      readonly restBytes?: number;
    }
  /** To be sent on as it is. */
  | { readonly kind: 'message'; readonly events: number; readonly send: () => Promise<void> }
  /** Nothing in it was collected in the range. */
  | { readonly kind: 'out-of-range' }
  /** What is in it cannot be sent by anyone, and why. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Milliseconds since the epoch: from, included, to, excluded. By time of collection. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface SearchOptions {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly bucket: Bucket;
  readonly marks: Marks;
  /** Absent for all that waits. */
  readonly range: TimeRange | undefined;
  /** Those that are asked for. */
  readonly destinations: readonly string[];
}

export interface Found {
  readonly waiting: readonly Waiting[];
  /** What is there and has been replayed before. */
  readonly replayedBefore: number;
  /** What waits for nobody: a line for each, to be shown. */
  readonly problems: readonly { readonly key: string; readonly reason: string }[];
  /** Gives back what was only looked at. */
  readonly release?: () => Promise<void>;
}

export function isWithin(range: TimeRange | undefined, time: number): boolean {
  return range === undefined || (time >= range.from && time < range.to);
}

/** Whether an object that was written at a time can hold what was collected in the range. */
export function mayHold(range: TimeRange | undefined, modifiedAt: number): boolean {
  return range === undefined || modifiedAt >= range.from - clockSlackMs;
}

/** Of two clocks, and of a run that journals what it has in hand. */
const clockSlackMs = 15 * 60_000;
