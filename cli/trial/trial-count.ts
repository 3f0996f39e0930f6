import { type PersonalMembers, watchPersonalMembers } from './personal-members.ts';

/** Counts what a trial read of one type. Keeps numbers and names of members, never a value. */
export function countTrial(type: string): TrialCount {
  const sizes: number[] = [];
  const activities = new Map<string, number>();
  const personal = watchPersonalMembers();
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    add(event) {
      sizes.push(event.length);
      const read = parsed(event);
      if (read === undefined) return;
      const activity = typeof read.activity === 'string' ? read.activity : '(none)';
      activities.set(activity, (activities.get(activity) ?? 0) + 1);
      const at = typeof read.timestamp === 'string' ? Date.parse(read.timestamp) : Number(read.timestamp);
      if (Number.isFinite(at)) [oldest, newest] = [Math.min(oldest, at), Math.max(newest, at)];
      personal.add(read);
    },
    facts(readMs) {
      const sorted = sizes.toSorted((a, b) => a - b);
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      // A stream that was there before holds events of a longer time than was read for.
      const spanMs = Math.max(readMs, newest > oldest ? newest - oldest : 0);
      return {
        type,
        events: sizes.length,
        spanMs,
        eventsPerSecond: sizes.length / (spanMs / 1_000),
        averageBytes: sizes.length === 0 ? 0 : Math.round(bytes / sizes.length),
        medianBytes: sorted[Math.floor(sorted.length / 2)] ?? 0,
        largestBytes: sorted.at(-1) ?? 0,
        activities: [...activities]
          .map(([activity, events]) => ({ activity, events }))
          .toSorted((a, b) => b.events - a.events),
        personal: personal.members(),
      };
    },
  };
}

export interface TrialCount {
  /** @param event the bytes as Mosaic sent them */
  add(event: Uint8Array): void;
  /** @param readMs how long the trial read */
  facts(readMs: number): TrialFacts;
}

export interface TrialFacts {
  readonly type: string;
  readonly events: number;
  /** Milliseconds in which these events were raised, at least those for which the trial read. */
  readonly spanMs: number;
  readonly eventsPerSecond: number;
  readonly averageBytes: number;
  readonly medianBytes: number;
  readonly largestBytes: number;
  /** The most frequent first. */
  readonly activities: readonly { readonly activity: string; readonly events: number }[];
  readonly personal: PersonalMembers;
}

function parsed(event: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(event).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
