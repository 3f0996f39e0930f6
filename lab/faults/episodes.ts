import type { Random } from '@mosaic-relay/mosaic-simulator';
import type { PlannedFault } from '../../local/run/breaking/planned-fault.ts';

/** One fault at a time of its own. */
export interface Episode {
  readonly name: string;
  /** Of the run, in milliseconds from its start. */
  readonly from: number;
  readonly to: number;
  readonly begin: () => () => void;
}

const minuteMs = 60_000;

/** One after the other, in an order and with pauses that are drawn. */
export function inARow(faults: readonly PlannedFault[], random: Random): readonly Episode[] {
  let at = minutes(random, [5, 20]);
  return shuffled(faults, random).map((fault) => {
    const from = at;
    const to = from + minutes(random, fault.minutes);
    at = to + minutes(random, [5, 15]);
    return episode(fault, { from, to }, random);
  });
}

/** Each at a time of its own before `lastsMs`; they may overlap. */
export function scattered(
  faults: readonly PlannedFault[],
  lastsMs: number,
  random: Random,
): readonly Episode[] {
  return faults.map((fault) => {
    const length = Math.min(lastsMs, minutes(random, fault.minutes));
    const from = random.next() * (lastsMs - length);
    return episode(fault, { from, to: from + length }, random);
  });
}

function episode(
  { name, begin }: PlannedFault,
  time: { readonly from: number; readonly to: number },
  random: Random,
): Episode {
  const amount = random.next();
  return { name, ...time, begin: () => begin(amount) };
}

function minutes(random: Random, [from, to]: readonly [number, number]): number {
  return Math.round((from + random.next() * (to - from)) * minuteMs);
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]!);
}
