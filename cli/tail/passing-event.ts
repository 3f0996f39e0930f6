import type { DeployedStream } from '../access/deployed-relay.ts';

/** An event that was journaled, or a line that was delivered. */
export interface PassingEvent {
  readonly stream: DeployedStream;
  /** Milliseconds since the epoch. */
  readonly collectedAt: number;
  /** As Mosaic names it; absent where the event names none, or a view took it away. */
  readonly activity?: string;
  /** The event or line, on one line of JSON. */
  readonly text: string;
}

/** Which events are shown. Absent members mean all. */
export interface EventFilter {
  /** An activity, or the beginning of some with `*` at its end. */
  readonly activity?: string | undefined;
  /** A part of the event's text. */
  readonly contains?: string | undefined;
}

export function passes({ activity, contains }: EventFilter, event: PassingEvent): boolean {
  if (contains !== undefined && !event.text.includes(contains)) return false;
  if (activity === undefined) return true;
  return activity.endsWith('*')
    ? (event.activity ?? '').startsWith(activity.slice(0, -1))
    : event.activity === activity;
}

/** `2026-03-02 08:05:01 cis login_success {…}`. An event's own text moves no cursor: JSON has its control characters escaped. */
export function eventText({ stream, collectedAt, activity = '-', text }: PassingEvent): string {
  const time = new Date(collectedAt).toISOString().replace('T', ' ').slice(0, 19);
  return `${time} ${stream.label} ${activity} ${text}`.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

export function eventJson({ stream, collectedAt, activity, text }: PassingEvent): object {
  return {
    stream: stream.label,
    type: stream.type,
    collectedAt: new Date(collectedAt).toISOString(),
    ...(activity === undefined ? {} : { activity }),
    event: text,
  };
}
