import { count, durationText } from '../text.ts';
import { monthlyCost } from './cost.ts';
import { freshness } from './recommend.ts';
import type { Load, Plan, PlannedDestination, Timing } from './workload.ts';

/** A change of settings that lowers the bill. */
export interface Lever {
  /** Dollars. */
  readonly savesPerMonth: number;
  /** The change, in words. */
  readonly change: string;
}

/** Finds what saves more than a dollar a month, the largest first: compressed records, a view's drops, a schedule. */
export function levers({
  load,
  present,
  timing,
  cheapest,
}: {
  readonly load: Load;
  readonly present: Plan;
  readonly timing: Timing;
  /** Absent if no plan gives the wanted freshness. */
  readonly cheapest: Plan | undefined;
}): readonly Lever[] {
  const costOf = (plan: Plan) => billed(load, plan, timing);
  const saving = (plan: Plan) => costOf(present) - costOf(plan);
  return [
    ...present.destinations
      .filter(({ compressible, compressed }) => compressible && !compressed)
      .map((destination) => ({
        savesPerMonth: saving(withDestination(present, { ...destination, compressed: true })),
        change: `compressRecords for ${destination.name}`,
      })),
    ...present.destinations.map((destination) => ({
      savesPerMonth: droppedShare * saving(without(present, destination)),
      change: `a view that drops a tenth of the events of ${destination.name}`,
    })),
    ...(cheapest === undefined
      ? []
      : [{ savesPerMonth: saving(cheapest), change: scheduleText(load, cheapest, timing) }]),
  ]
    .filter(({ savesPerMonth }) => savesPerMonth > worthwhile)
    .toSorted((a, b) => b.savesPerMonth - a.savesPerMonth);
}

/** `collecting every 15 min with batches of 1,000 and 512 MB (in Firehose within 15 min)` */
function scheduleText(load: Load, plan: Plan, timing: Timing): string {
  const within = durationText(freshness(load, plan, timing) * 1_000);
  return `collecting every ${durationText(plan.everySeconds * 1_000)} with batches of ${count(plan.batchSize)} and ${plan.memoryMb} MB (in Firehose within ${within})`;
}

/** Dollars a month of all that depends on the events and the plan: the total, what is kept and what leaves AWS. */
function billed(load: Load, plan: Plan, timing: Timing): number {
  const { total, apart } = monthlyCost(load, plan, timing);
  return total + apart.objectStorage + apart.egress;
}

function withDestination(plan: Plan, changed: PlannedDestination): Plan {
  return {
    ...plan,
    destinations: plan.destinations.map((each) => (each.name === changed.name ? changed : each)),
  };
}

function without(plan: Plan, { name }: PlannedDestination): Plan {
  return { ...plan, destinations: plan.destinations.filter((each) => each.name !== name) };
}

const droppedShare = 0.1;
/** Dollars a month. Between 1 and 60 minutes a schedule is worth 53 cents, for which nobody should wait for events. */
const worthwhile = 1;
