import { cutEvents } from '../answers/cut-events.ts';
import { parseTimestamp } from '../answers/event-timestamp.ts';
import type { Cut } from '../protocol/ports/answers.ts';

/** How old and how new an event a receiver takes, by the event's own timestamp. Durations are in seconds. */
export interface ReceiverAges {
  /** The receiver takes no event that is older than this on arrival. */
  readonly past: number;
  /** The receiver takes no event that is dated further ahead than this; absent where no such limit is known. */
  readonly future?: number;
  /** The receiver's treatment of every other event; `refuses-request` refuses the fresh events beside it, too. */
  readonly otherwise: 'refuses-request' | 'drops' | 're-dates';
  /** The longest time that an event may spend in the delivery stream: its buffer, and its retries. */
  readonly underWay: number;
  /** True where a late event is not sent. */
  readonly hold: boolean;
}

export interface LateEvents {
  readonly count: number;
  /** 1 for each event that is late; undefined where none is. */
  readonly marks: Uint8Array | undefined;
}

/** Finds the events that a receiver may find too old, or too new, when they arrive. An event without a readable time is not late. */
export function findLate(cut: Cut, ages: ReceiverAges, now: number): LateEvents {
  let count = 0;
  let marks: Uint8Array | undefined;
  for (let index = 0; index < cut.count; index++) {
    const end = cut.timestamps.ends[index]!;
    const time = end === 0 ? undefined : parseTimestamp(cut.source, cut.timestamps.starts[index]!, end);
    if (time === undefined || !isLate(time, ages, now)) continue;
    marks ??= new Uint8Array(cut.count);
    marks[index] = 1;
    count += 1;
  }
  return { count, marks };
}

/** The same of one event, by its raw bytes. */
export function isLateEvent(raw: Uint8Array, ages: ReceiverAges, now: number): boolean {
  const cut = cutEvents(Buffer.concat([openArray, raw, closeArray]));
  return !('damaged' in cut) && findLate(cut, ages, now).count > 0;
}

const openArray = Buffer.from('[');
const closeArray = Buffer.from(']');

/** @param time of the event, in ms since the epoch */
function isLate(time: number, { past, future, underWay }: ReceiverAges, now: number): boolean {
  const oldest = now - Math.max(0, past - underWay) * 1_000;
  return time < oldest || (future !== undefined && time > now + future * 1_000);
}
