import { randomInt } from 'node:crypto';

/** Where a line stands in CloudWatch Logs. */
export interface LogPlace {
  readonly group: string;
  readonly stream: string;
}

/** A line as CloudWatch Logs keeps it. */
export interface StoredLogEvent {
  readonly eventId: string;
  readonly logStreamName: string;
  /** Milliseconds since the epoch, on the account's clock. */
  readonly timestamp: number;
  readonly message: string;
}

/** The lines that functions write, in the order in which they came. */
export interface LogStore {
  put(place: LogPlace, message: string): void;
  /** Of one group, oldest first. Only the last 5,000 are kept, and at most 8 MiB of them: this is a process's memory. */
  eventsOf(group: string): readonly StoredLogEvent[];
}

const mostEvents = 5_000;
const mostCharacters = 8 * 1_048_576;

export function createLogStore(now: () => number): LogStore {
  const groups = new Map<string, { readonly events: StoredLogEvent[]; characters: number }>();
  return {
    put({ group, stream: logStreamName }, message) {
      const kept = groups.get(group) ?? { events: [], characters: 0 };
      groups.set(group, kept);
      kept.events.push({ eventId: newEventId(), logStreamName, timestamp: now(), message });
      kept.characters += message.length;
      while (kept.events.length > mostEvents || kept.characters > mostCharacters)
        kept.characters -= kept.events.shift()!.message.length;
    },
    eventsOf: (group) => groups.get(group)?.events ?? [],
  };
}

/** 56 digits, as AWS's are. Nobody may read an order from them. */
export function newEventId(): string {
  return Array.from({ length: 14 }, () => String(randomInt(10_000)).padStart(4, '0')).join('');
}
