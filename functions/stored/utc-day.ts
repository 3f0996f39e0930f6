/** Milliseconds of a day, as UTC counts them. */
export const dayMs = 86_400_000;

/** The instant at which the UTC day of `time` began; both in ms since the epoch. */
export function startOfDay(time: number): number {
  return time - (time % dayMs);
}

/** `2026-03-02`: the UTC day of `time`, by which the journal's folders are named. */
export function dayName(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
