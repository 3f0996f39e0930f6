/**
 * Counts the events of a day that have been raised when `part` of `parts` is over, beginning at `startHour` UTC.
 *
 * Sign-ins follow people: they are fewest at two in the night, and seven times as many at two in the afternoon.
 */
export function raisedBy(
  part: number,
  { parts, total, startHour }: { readonly parts: number; readonly total: number; readonly startHour: number },
): number {
  const at = part / parts;
  const hoursBefore = (from: number): number =>
    24 * from - (swing / phase) * Math.cos(phase * (24 * from + startHour - risesAt));
  return Math.round((total * (hoursBefore(at) - hoursBefore(0))) / (hoursBefore(1) - hoursBefore(0)));
}

const phase = (2 * Math.PI) / 24;
/** At eight the rate is the day's mean, and rises. */
const risesAt = 8;
/** The swing of the rate around its mean, 0..1. */
const swing = 0.75;
