import type { EventType } from '../event-types.ts';

/** One event of a story. */
export interface StoryEvent {
  readonly type: EventType;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The members in the order in which they are written, beside `timestamp`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The attack that the event is of. Absent: ordinary life. */
  readonly attack?: string;
}

/** The raw JSON text of an event, with its time in the contract's form. */
export function storyText({ at, members }: StoryEvent): string {
  return JSON.stringify({ ...members, timestamp: new Date(at).toISOString() });
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
