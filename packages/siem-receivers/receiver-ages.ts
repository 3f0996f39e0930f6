import { JsonFault, membersOf } from './json-spans.ts';

/** How old and how new an event a receiver takes, in seconds, by the event's own member `timestamp`. */
export interface ReceiverAges {
  readonly past: number;
  readonly future?: number;
  /** What becomes of any other event. `refuses-request`: nothing of its request is taken. */
  readonly otherwise: 'refuses-request' | 'drops' | 're-dates';
}

/** True if an event is older or newer than the receiver takes. An event without a readable time never is. */
export function isOutOfRange(event: Buffer, { past, future }: ReceiverAges, now: number): boolean {
  const time = timeOf(event);
  if (time === undefined) return false;
  return time < now - past * 1_000 || (future !== undefined && time > now + future * 1_000);
}

function timeOf(event: Buffer): number | undefined {
  try {
    const member = membersOf(event, 0).findLast(({ name }) => name === 'timestamp');
    if (member === undefined || event[member.start] !== 0x22) return undefined;
    const time = Date.parse(JSON.parse(event.toString('utf8', member.start, member.end)) as string);
    return Number.isNaN(time) ? undefined : time;
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
