/**
 * How many of a day's events have been raised when `part` of `parts` is over, beginning at `startHour` UTC.
 *
 * Sign-ins follow people: least at two in the night, seven times as much at two in the afternoon.
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
/** 0..1: how far the rate swings around its mean. */
const swing = 0.75;
