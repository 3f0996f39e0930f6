import type { Random } from '@mosaic-relay/mosaic-simulator';
import type { PlannedFault } from '../../local/run/breaking/planned-fault.ts';

/** A fault with its time. */
export interface Episode {
  readonly name: string;
  /** Milliseconds from the start of the run. */
  readonly from: number;
  readonly to: number;
  readonly begin: () => () => void;
}

const minuteMs = 60_000;

/** Puts faults one after the other, in a drawn order and with drawn pauses. */
export function inARow(faults: readonly PlannedFault[], random: Random): readonly Episode[] {
  let at = minutes(random, [5, 20]);
  return shuffled(faults, random).map((fault) => {
    const from = at;
    const to = from + minutes(random, fault.minutes);
    at = to + minutes(random, [5, 15]);
    return episode(fault, { from, to }, random);
  });
}

/** Puts each fault at a time of its own before `lastsMs`; faults may overlap. */
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
