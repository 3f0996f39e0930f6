import type { CollectorDestination } from '../functions/collector/contract.ts';
import { dateText, durationText } from './text.ts';

/** The limit of the receiver that takes the youngest events. */
export interface ReceiverLimit {
  readonly destination: string;
  /** The age in ms at which a run must have collected an event, for the receiver to take it in time. */
  readonly withinMs: number;
  /** A part of a sentence: the limit, and the receiver's treatment of older events. */
  readonly says: string;
}

/** @returns undefined where no receiver has a limit */
export function strictestLimit(destinations: Parameters<typeof limitsOf>[0]): ReceiverLimit | undefined {
  return limitsOf(destinations)[0];
}

/** The limits of all receivers that have one, the strictest first. */
export function limitsOf(
  destinations: readonly Pick<CollectorDestination, 'name' | 'ages'>[],
): readonly ReceiverLimit[] {
  const limits = destinations.flatMap(({ name, ages }): ReceiverLimit[] => {
    if (ages === undefined) return [];
    const treatment = ages.hold ? 'are held back from it' : treatments[ages.otherwise];
    return [
      {
        destination: name,
        withinMs: (ages.past - ages.underWay) * 1_000,
        says: `its receiver takes no event above ${durationText(ages.past * 1_000)} of age, and older ones ${treatment}`,
      },
    ];
  });
  return limits.toSorted((one, other) => one.withinMs - other.withinMs);
}

/** Says until when a pause makes no event late. @param since the oldest time at which an uncollected event was raised */
export function pauseWarning(limit: ReceiverLimit, since: number, now: number): string {
  const until = since + limit.withinMs;
  return until > now
    ? `resume before ${dateText(until)} for ${limit.destination}: ${limit.says}`
    : `since ${dateText(until)} events may be too old for ${limit.destination}: ${limit.says}`;
}

const treatments = {
  'refuses-request': 'have a whole request refused',
  drops: 'are dropped by it',
  're-dates': 'get the time of their arrival from it',
} as const;
