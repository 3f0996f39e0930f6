import { monthlyCost } from './cost.ts';
import {
  compression,
  type Load,
  type Plan,
  type PlannedDestination,
  readerLimit,
  shapeOfRun,
  type Timing,
} from './workload.ts';

/**
 * Finds the cheapest schedule, batch size and memory that bring an event to Firehose within `freshnessSeconds`;
 * undefined where none does.
 *
 * Full batches are cheapest, so the batch size is 1,000, unless the present plan costs less. Memory is 512 MB, or
 * the present memory if that is more: a collector peaks at 160 MB with answers of 3 MB, one killed for want of
 * memory may lose a batch, and the memory costs less than a dollar a month.
 */
export function recommend(load: Load, present: Plan, goal: Goal): Plan | undefined {
  const others = [present.everySeconds, ...intervals].flatMap((everySeconds) =>
    [present.memoryMb, ...memories.filter((mb) => mb >= (present.leastMemoryMb ?? 0))].map((memoryMb) => ({
      ...present,
      everySeconds,
      batchSize: 1_000,
      memoryMb,
    })),
  );
  const candidates = [present, ...others];
  const possible = candidates.filter(
    (plan) =>
      freshness(load, plan, goal.timing) <= goal.freshnessSeconds &&
      duty(load, plan, goal.timing) <= mostDuty,
  );
  const costs = new Map(possible.map((plan) => [plan, monthlyCost(load, plan, goal.timing).total]));
  return possible.toSorted((a, b) => costs.get(a)! - costs.get(b)!)[0];
}

export interface Goal {
  readonly freshnessSeconds: number;
  readonly timing: Timing;
}

/** The schedule that brings events soonest, with full batches. */
export function soonest(present: Plan): Plan {
  return {
    ...present,
    everySeconds: 60,
    batchSize: 1_000,
    memoryMb: Math.max(...memories, present.memoryMb),
  };
}

/** Seconds until the last event is with Firehose, which is raised just after a run and waits for the whole next run. */
export function freshness(load: Load, plan: Plan, timing: Timing): number {
  return plan.everySeconds + shapeOfRun(load, plan, timing).deliveredSeconds;
}

/**
 * The share of its time that a run collects: of its interval, or of its timeout where that is shorter. Above 1 the
 * stream falls behind. Delivering does not count: quotas decide how long it takes, and sweeps deliver the rest.
 */
export function duty(load: Load, plan: Plan, timing: Timing): number {
  return shapeOfRun(load, plan, timing).neededSeconds / Math.min(plan.everySeconds, plan.timeoutSeconds);
}

/** Above this share, a run that meets a slow day overlaps the next, and a backlog drains slower than it grew. */
export const mostDuty = 0.5;

/** The highest rates, in events per second, of one reader and of the delivery streams. */
export interface Ceilings {
  /** Of one reader with full answers of 1,000 events. */
  readonly readerEventsPerSecond: number;
  /** Of one reader with full answers of the present batch size. */
  readonly presentReaderEventsPerSecond: number;
  /** The lowest of the destinations' rates; absent without a destination, as for a witness. */
  readonly quotaEventsPerSecond?: number;
  /** The destination with that rate. */
  readonly quotaOf?: string;
}

export function ceilings(load: Load, plan: Plan, timing: Timing): Ceilings {
  const [tightest] = plan.destinations
    .map((each) => ({ quotaEventsPerSecond: quotaLimit(load, each), quotaOf: each.name }))
    .toSorted((a, b) => a.quotaEventsPerSecond - b.quotaEventsPerSecond);
  return {
    readerEventsPerSecond: readerLimit({ ...plan, batchSize: 1_000 }, timing),
    presentReaderEventsPerSecond: readerLimit(plan, timing),
    ...tightest,
  };
}

/** Events per second that fill the quota of one destination. */
export function quotaLimit(load: Load, destination: PlannedDestination): number {
  const { quotaMiBPerSecond, lineOverheadBytes, compressed } = destination;
  const bytes = (load.eventBytes + lineOverheadBytes) / (compressed ? compression : 1);
  return (quotaMiBPerSecond * 1024 * 1024) / bytes;
}

/** Periods in whole minutes that stay regular over an hour or a day. */
const intervals = [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720, 1_440].map((minutes) => minutes * 60);
const memories = [512, 1_024, 1_769];
