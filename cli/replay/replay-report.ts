import type { SendOutcome } from './send-outcome.ts';
import type { ReplaySource } from './waiting.ts';

/** The result of a replay, as `--json` prints it. */
export interface ReplayReport {
  /** Sent events by destination and source; in a dry run the events that would be sent. */
  readonly sent: Readonly<Record<string, Readonly<Partial<Record<ReplaySource, number>>>>>;
  /** The sum of `sent`: an event to two destinations counts twice. */
  readonly events: number;
  /** Objects and messages that were sent whole to every chosen destination that lacks them. */
  readonly objects: number;
  /** By destination: events that were left out, being too old or too new for its receiver. They are sent only with `--late`. */
  readonly late: Readonly<Record<string, number>>;
  /** By destination: sent events that are too old or too new for its receiver. */
  readonly lateSent: Readonly<Record<string, number>>;
  readonly outOfRange: number;
  /** Objects that an earlier replay has sent already. */
  readonly replayedBefore: number;
  /** Answers that were cut off, and whose whole events were sent. */
  readonly cutOff: readonly CutOffAnswer[];
  readonly failed: readonly ReplayFailure[];
  /** True if the replay ended before it was done; the same command line goes on. */
  readonly interrupted: boolean;
}

export interface CutOffAnswer {
  /** The object's key. */
  readonly key: string;
  /** Whole events of the answer. */
  readonly events: number;
  /** Decompressed bytes after the last whole event. They are no event and are sent nowhere. */
  readonly restBytes: number;
}

export interface ReplayFailure {
  readonly source: ReplaySource;
  /** The object's key, or the message's id. */
  readonly key: string;
  readonly destination?: string;
  readonly reason: string;
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };
/** A report that still grows. */
export type Tally = Mutable<
  Omit<ReplayReport, 'interrupted' | 'failed' | 'sent' | 'cutOff' | 'late' | 'lateSent'>
> & {
  readonly late: Record<string, number>;
  readonly lateSent: Record<string, number>;
  readonly sent: Record<string, Partial<Record<ReplaySource, number>>>;
  readonly cutOff: CutOffAnswer[];
  readonly failed: ReplayFailure[];
};

export function emptyTally(): Tally {
  const none = { events: 0, objects: 0, outOfRange: 0, replayedBefore: 0 };
  return { ...none, sent: {}, late: {}, lateSent: {}, cutOff: [], failed: [] };
}

export function countSent(
  tally: Tally,
  {
    destination,
    source,
    events,
    late,
    lateSent,
  }: Pick<SendOutcome, 'events' | 'late' | 'lateSent'> & {
    readonly destination: string;
    readonly source: ReplaySource;
  },
): void {
  if (late > 0) tally.late[destination] = (tally.late[destination] ?? 0) + late;
  if (lateSent > 0) tally.lateSent[destination] = (tally.lateSent[destination] ?? 0) + lateSent;
  tally.events += events;
  const sent = tally.sent[destination] ?? {};
  tally.sent[destination] = { ...sent, [source]: (sent[source] ?? 0) + events };
}
