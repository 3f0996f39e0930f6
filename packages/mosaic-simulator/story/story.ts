import { type PlayedAttack, play } from './attacks.ts';
import { ordinaryDay } from './ordinary-life.ts';
import { createPeople } from './people.ts';
import { day, type StoryEvent } from './story-event.ts';

export interface StoryOptions {
  /** The same seed tells the same story. */
  readonly seed: number;
  /** The first day's midnight, UTC, in milliseconds since the epoch. */
  readonly from: number;
  readonly days: number;
  /** 60.. Default: 150. */
  readonly users?: number | undefined;
  /** Default: none. */
  readonly attacks?: readonly PlayedAttack[] | undefined;
}

/**
 * Tells what users, administrators and applications do in some days, in the order of time: sessions with a day's
 * pattern, typical mistakes, ordinary work, no hostile value, and the attacks that are played.
 */
export function tellStory({
  seed,
  from,
  days,
  users = 150,
  attacks = [],
}: StoryOptions): readonly StoryEvent[] {
  const people = createPeople(seed, users);
  const ordinary = Array.from({ length: days }, (_, index) => [
    ...ordinaryDay(people, seed, from + index * day),
  ]).flat();
  return attacks
    .reduce((story, attack) => play(story, attack, { people, seed }), ordinary)
    .toSorted((a, b) => a.at - b.at);
}

/**
 * Tells a part of a story that has neither beginning nor end: two parts that meet are those of the whole.
 *
 * @param part in milliseconds since the epoch; `until` is not of it
 */
export function storyBetween(
  { seed, users, attacks }: Pick<StoryOptions, 'seed' | 'users' | 'attacks'>,
  { from, until }: { readonly from: number; readonly until: number },
): readonly StoryEvent[] {
  // A session that began on the day before may still go on.
  const first = Math.floor(from / day) * day - day;
  const days = Math.ceil((until - first) / day);
  return tellStory({ seed, users, attacks, from: first, days }).filter(({ at }) => at >= from && at < until);
}
