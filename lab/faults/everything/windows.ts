/** The time of a fault, in ms from the beginning of the faults. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Draws 0 <= x < 1 for a purpose; each purpose has its own draw. */
export type Chance = (of: string) => number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** Draws a window within `lastsMs` whose length lies between two numbers of minutes. */
export function windowOf(
  chance: Chance,
  of: string,
  { lastsMs, minutes }: { readonly lastsMs: number; readonly minutes: readonly [number, number] },
): Window {
  const [least, most] = minutes;
  const lengthMs = Math.min(lastsMs, (least + chance(`${of} for`) * (most - least)) * minuteMs);
  const fromMs = Math.round(chance(`${of} from`) * (lastsMs - lengthMs));
  return { fromMs, toMs: Math.round(fromMs + lengthMs) };
}

export function wholeNumber(chance: Chance, of: string, [from, to]: readonly [number, number]): number {
  return from + Math.floor(chance(of) * (to - from + 1));
}
