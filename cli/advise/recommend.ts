import { monthlyCost } from './cost.ts';
import { type Load, type Plan, readerLimit, shapeOfRun, type Timing } from './workload.ts';

export interface Advice {
  /** The cheapest that gives the wanted freshness; undefined where none does. */
  readonly plan: Plan | undefined;
  /** At most so many seconds until Firehose has an event, with that plan. */
  readonly freshnessSeconds: number | undefined;
}

/**
 * The cheapest schedule, batch size and memory that bring an event to Firehose within `freshnessSeconds`.
 *
 * Full batches are always cheapest, so the batch size is 1,000. Memory is 512 MB or more: a collector peaks at about
 * 200 MB, and one killed for want of memory may lose a batch, which saves less than a dollar a month.
 */
export function recommend(load: Load, present: Plan, wanted: Wanted): Advice {
  const candidates = intervals.flatMap((everySeconds) =>
    memories.map((memoryMb) => ({ ...present, everySeconds, batchSize: 1_000, memoryMb })),
  );
  const possible = candidates.filter(
    (plan) =>
      freshness(load, plan, wanted.timing) <= wanted.freshnessSeconds &&
      shapeOfRun(load, plan, wanted.timing).seconds <= plan.everySeconds * mostDuty,
  );
  const costs = new Map(possible.map((plan) => [plan, monthlyCost(load, plan, wanted.timing).total]));
  const plan = possible.toSorted((a, b) => costs.get(a)! - costs.get(b)!)[0];
  return { plan, freshnessSeconds: plan && freshness(load, plan, wanted.timing) };
}

export interface Wanted {
  readonly freshnessSeconds: number;
  readonly timing: Timing;
}

/** An event that is raised just after a run has ended waits for the next run, and for all of it. */
export function freshness(load: Load, plan: Plan, timing: Timing): number {
  return plan.everySeconds + shapeOfRun(load, plan, timing).seconds;
}

/** Where one reader is at its end, and where the delivery stream is. */
export interface Ceilings {
  readonly readerEventsPerSecond: number;
  /** The least of the destinations'. */
  readonly quotaEventsPerSecond: number;
}

export function ceilings(
  load: Load,
  plan: Plan,
  limits: { timing: Timing; quotaMiBPerSecond: number },
): Ceilings {
  const longestLine = Math.max(...plan.destinations.map((each) => each.lineOverheadBytes)) + load.eventBytes;
  return {
    readerEventsPerSecond: readerLimit({ ...plan, batchSize: 1_000 }, limits.timing),
    quotaEventsPerSecond: (limits.quotaMiBPerSecond * 1024 * 1024) / longestLine,
  };
}

/** What a schedule can say in whole minutes and stay regular over an hour. */
const intervals = [1, 2, 3, 5, 10, 15, 20, 30, 60].map((minutes) => minutes * 60);
const memories = [512, 1_024, 1_769];
/** Above it, a run that meets a slow day overlaps the next. */
const mostDuty = 0.5;
