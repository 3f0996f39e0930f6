import type { Random } from './random.ts';

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

  const arrive = (moment: number): void => {
    if (moments === undefined) {
      moments = [];
      parts.push(oneByOne(length, moments));
    }
    moments.push(moment);
    length += 1;
  };
  const catchUp = (): void => {
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
      moments = undefined;
      parts.push(atOnce(length, count, at));
      length += count;
    },
    trickle(wanted) {
      catchUp();
      if (trickle !== undefined) throw new Error('events of this type trickle already');
      trickle = { ...wanted, next: now() + gapMs(wanted) };
    },
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
