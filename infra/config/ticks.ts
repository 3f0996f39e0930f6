import { passMs } from '../../functions/collector/budgets.ts';
import { cronMinutes } from './cron-gap.ts';
import type { Schedule } from './schedule-expression.ts';

/** The ticks of a stream's collects and sweeps, as Scheduler reads them. */
export interface Ticks {
  /** In the schedule's own time zone. */
  readonly collect: string;
  /** In UTC. */
  readonly sweep: string;
}

/** A run that did not finish gets its sweep within minutes, however seldom the stream is collected. */
export const sweepPeriodSeconds = passMs / 1_000;

/**
 * The sweep's tick, half an interval away from the collect tick where that can be written down. A pass that begins
 * beside a run has half the quota, and finds nothing of what that run will leave.
 *
 * A rate counts from the moment at which Scheduler created it, and its `StartDate` must lie in the future whenever it
 * is written, so nothing can be said of two rates. A cron line has a place in the hour and no seconds. So `every` is
 * written as a cron line where its minutes divide an hour and are a multiple of the sweep's five; the first tick comes
 * within one interval, also where the stage had a rate before. Longer intervals stay rates: an hour and more is too
 * long for a new stage to wait, and one sweep of many is all that a collect tick could meet there.
 *
 * @see EventBridge Scheduler user guide, "Schedule types": rate-based schedules
 */
export function ticksOf({
  expression,
  periodSeconds,
}: Pick<Schedule, 'expression' | 'periodSeconds'>): Ticks {
  if (periodSeconds === undefined) {
    return { collect: expression, sweep: sweepBeside(cronMinutes(expression.slice('cron('.length, -1))) };
  }
  const minutes = periodSeconds / 60;
  const step = sweepPeriodSeconds / 60;
  if (minutes % step !== 0 || 60 % minutes !== 0) return { collect: expression, sweep: sweepRate };
  return { collect: `cron(${minutes === 60 ? '0' : `0/${minutes}`} * * * ? *)`, sweep: sweepBeside([0]) };
}

/** Every possible number of seconds from a collect tick to the sweep tick after it. Between two rates it can be any. */
export function sweepDelays(schedule: Pick<Schedule, 'expression' | 'periodSeconds'>): readonly number[] {
  const { collect, sweep } = ticksOf(schedule);
  const step = sweepPeriodSeconds / 60;
  const phases =
    sweep === sweepRate ? wholeMinutes : cronMinutes(sweep.slice('cron('.length, -1)).slice(0, 1);
  const collected = collect.startsWith('cron(') ? cronMinutes(collect.slice('cron('.length, -1)) : [0];
  const delays = phases.flatMap((phase) =>
    collected.map((minute) => (((phase - minute) % step) + step) % step),
  );
  return [...new Set(delays)].map((minutes) => minutes * 60);
}

const wholeMinutes = Array.from({ length: sweepPeriodSeconds / 60 }, (_, phase) => phase);
const sweepRate = `rate(${sweepPeriodSeconds / 60} minutes)`;

/**
 * The phase that is farthest from every minute at which the stream is collected, before it and after it. Every zone is
 * a multiple of five minutes away from UTC.
 */
function sweepBeside(collected: readonly number[]): string {
  const step = sweepPeriodSeconds / 60;
  const phases = wholeMinutes.map((phase) => {
    const distances = collected.map((minute) => Math.abs(minute - phase) % step);
    return { phase, distance: Math.min(...distances.map((each) => Math.min(each, step - each))) };
  });
  const best = phases.reduce((found, each) => (each.distance > found.distance ? each : found));
  return best.distance === 0 ? sweepRate : `cron(${best.phase}/${step} * * * ? *)`;
}
