import type { Random } from './random.ts';
import type { StoryEvent } from './story/story-event.ts';

/** The events raised for one type, as numbers 0.. and their times: texts are made anew whenever they are needed. */
export interface Topic {
  /** How many there are by now. */
  readonly length: number;
  /** Raises so many at `now`, their own timestamps spread evenly over the time before it. */
  raise(count: number, at: { readonly now: number; readonly overPastMs: number }): void;
  /**
   * Raises events one by one from now on, each at a moment of its own, as many a second on average.
   * @throws while an earlier trickle goes on
   */
  trickle(trickle: Trickle): void;
  /**
   * Raises each event of a story at its own time, or now where that has passed. Events of a story that are still to come
   * stay, and the two are told in the order of time.
   * @throws while events of the type trickle
   */
  tell(story: readonly StoryEvent[]): void;
  /** The event of a story that is raised under the number. Undefined for an event that is made up from its number. */
  storyOf(index: number): StoryEvent | undefined;
  /** The event's own timestamp, in ms since the epoch. */
  timestampOf(index: number): number;
  /** When it was raised, which may be later. */
  raisedAt(index: number): number;
  /** How many were raised up to and including `time`. */
  raisedBy(time: number): number;
}

export interface Trickle {
  readonly eventsPerSecond: number;
  /** In ms since the epoch. */
  readonly until: number;
  /** Draws the gaps, which are exponential: a Poisson process. */
  readonly random: Random;
}

/** @param now nothing is raised before its time, nor by a timer: a trickle is made up to now whenever one looks */
export function createTopic(now: () => number): Topic {
  const parts: Part[] = [];
  let length = 0;
  let trickle: (Trickle & { next: number }) | undefined;
  /** Of the last part, where that is the trickle's. */
  let moments: number[] | undefined;
  /** Of the last part, where that is a story's. */
  let told: ToldEvent[] | undefined;
  /** The events of stories that are still to come, in the order of time. */
  let coming: readonly StoryEvent[] = [];
  /** The time when the last story was given: no event of one is raised before. */
  let toldAt = 0;

  const arrive = (moment: number): void => {
    if (moments === undefined) {
      moments = [];
      parts.push(oneByOne(length, moments));
    }
    moments.push(moment);
    length += 1;
  };
  const tellUpTo = (time: number): void => {
    const count = 1 + lastPlace(coming.length, (place) => coming[place]!.at <= time);
    if (count === 0) return;
    if (told === undefined) {
      told = [];
      parts.push(asTold(length, told));
    }
    told.push(...coming.slice(0, count).map((event) => ({ event, raisedAt: Math.max(event.at, toldAt) })));
    coming = coming.slice(count);
    length += count;
  };
  const catchUp = (): void => {
    tellUpTo(now());
    if (trickle === undefined) return;
    const time = Math.min(now(), trickle.until);
    for (; trickle.next <= time; trickle.next += gapMs(trickle)) arrive(Math.ceil(trickle.next));
    if (trickle.next > trickle.until) trickle = undefined;
  };
  const partOf = (index: number): Part => {
    const part = parts[lastPlace(parts.length, (place) => parts[place]!.first <= index)];
    if (part === undefined || index >= part.first + part.count)
      throw new Error(`no event ${index} was raised`);
    return part;
  };
  return {
    get length() {
      catchUp();
      return length;
    },
    raise(count, at) {
      catchUp();
      if (count === 0) return;
      [moments, told] = [undefined, undefined];
      parts.push(atOnce(length, count, at));
      length += count;
    },
    trickle(wanted) {
      catchUp();
      if (trickle !== undefined) throw new Error('events of this type trickle already');
      if (coming.length > 0) throw new Error('a story of this type is being told');
      [moments, told] = [undefined, undefined];
      trickle = { ...wanted, next: now() + gapMs(wanted) };
    },
    tell(story) {
      catchUp();
      if (trickle !== undefined) throw new Error('events of this type trickle already');
      moments = undefined;
      toldAt = now();
      coming = [...coming, ...story].toSorted((a, b) => a.at - b.at);
      catchUp();
    },
    storyOf: (index) => partOf(index).storyOf?.(index),
    timestampOf: (index) => partOf(index).timestampOf(index),
    raisedAt: (index) => partOf(index).raisedAt(index),
    raisedBy(time) {
      catchUp();
      const part =
        parts[lastPlace(parts.length, (place) => parts[place]!.raisedAt(parts[place]!.first) <= time)];
      if (part === undefined) return 0;
      return part.first + 1 + lastPlace(part.count, (place) => part.raisedAt(part.first + place) <= time);
    },
  };
}

/** Events with numbers in a row. */
interface Part {
  readonly first: number;
  readonly count: number;
  timestampOf(index: number): number;
  raisedAt(index: number): number;
  storyOf?(index: number): StoryEvent | undefined;
}

interface ToldEvent {
  readonly event: StoryEvent;
  readonly raisedAt: number;
}

function atOnce(first: number, count: number, { now, overPastMs }: Parameters<Topic['raise']>[1]): Part {
  return {
    first,
    count,
    timestampOf: (index) => Math.floor(now - overPastMs * (1 - (index - first + 1) / count)),
    raisedAt: () => now,
  };
}

/** @param moments of the events, one after the other; there may come more */
function oneByOne(first: number, moments: readonly number[]): Part {
  const momentOf = (index: number): number => moments[index - first]!;
  return {
    first,
    get count() {
      return moments.length;
    },
    timestampOf: momentOf,
    raisedAt: momentOf,
  };
}

/** @param told the events, one after the other; there may come more */
function asTold(first: number, told: readonly ToldEvent[]): Part {
  return {
    first,
    get count() {
      return told.length;
    },
    timestampOf: (index) => told[index - first]!.event.at,
    raisedAt: (index) => told[index - first]!.raisedAt,
    storyOf: (index) => told[index - first]!.event,
  };
}

function gapMs({ eventsPerSecond, random }: Trickle): number {
  return (-Math.log(1 - random.next()) / eventsPerSecond) * 1000;
}

/** The last place of so many for which `holds` is true, as it is for all before; -1 for none. */
function lastPlace(count: number, holds: (place: number) => boolean): number {
  let low = -1;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
