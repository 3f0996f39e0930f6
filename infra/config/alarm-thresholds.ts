import type { Stage } from './settings.ts';
import type { Stream } from './stream-settings.ts';

/** When the alarms of a stream go off, in seconds. */
export interface Thresholds {
  /** Every run of so long a time failed. */
  readonly failing: number;
  /** No run has ended for so long. */
  readonly notRunning: number;
  /** No event for so long. Absent where quiet is usual whatever its length. */
  readonly silent?: number;
  /** Age of the newest collected event while Mosaic holds more. */
  readonly behind: number;
  /** Of a batch that some destination has not got. */
  readonly undelivered: number;
  /** Of such a batch whose journal object is deleted when it is three times as old. */
  readonly nearExpiry: number;
  /** Of a record in a delivery stream. */
  readonly deliveryBehind: number;
}

const hour = 3_600;
const day = 24 * hour;
/** Lateness of ticks and of metrics. */
const leeway = 300;

/**
 * What follows from a stream's schedule, unless its settings say otherwise: two or three ticks must be missed or
 * fail, so that one late tick wakes nobody, and all of it well before the day that Mosaic keeps events at least.
 *
 * A run goes on delivering until its timeout, and the ticks meanwhile are skipped. So an interval and a timeout may
 * pass between the ends of two runs of which neither is late.
 */
export function thresholdsOf(
  { schedule, timeout, alarms }: Stream,
  { journalDays }: Pick<Stage, 'journalDays'>,
): Thresholds {
  const gap = schedule.longestGapSeconds;
  const { quiet = Math.max(3 * day, 2 * gap) } = alarms;
  return {
    failing: alarms.failing ?? between(900, Math.max(3 * gap, threeEnds(gap, timeout)), day),
    notRunning: alarms.notRunning ?? Math.max(900, 2 * gap + timeout + leeway),
    silent: quiet === 'off' ? undefined : quiet,
    behind: alarms.behind ?? between(hour, 2 * gap, 12 * hour),
    undelivered: alarms.undelivered,
    nearExpiry: (journalDays * day) / 3,
    deliveryBehind: alarms.deliveryBehind,
  };
}

/** From the end of one run to the end of the next but one, at most: the first is short, the others use all their time. */
function threeEnds(gap: number, timeout: number): number {
  const slot = Math.ceil(timeout / gap) * gap;
  return gap + slot + timeout;
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
