import { mosaicUrls } from '../../infra/config/settings.ts';
import { levers } from '../advise/levers.ts';
import { duty, mostDuty, recommend } from '../advise/recommend.ts';
import { type Load, type Plan, packedS3, usualTiming } from '../advise/workload.ts';
import { settingsText } from '../init/settings-text.ts';
import type { TrialFacts } from './trial-count.ts';

/** The load that a trial has seen; undefined where no event came. */
export function loadOf({ events, eventsPerSecond, averageBytes }: TrialFacts): Load | undefined {
  return events === 0 ? undefined : { eventsPerSecond, eventBytes: averageBytes };
}

/** The plan that fits a stream: every five minutes, unless another schedule is needed or saves more than a dollar a month. */
export function fittingPlan(load: Load | undefined): Plan {
  if (load === undefined) return usualPlan;
  const goal = { freshnessSeconds: 600, timing: usualTiming };
  const cheapest = recommend(load, usualPlan, goal);
  if (cheapest === undefined) return { ...usualPlan, everySeconds: 60 };
  const isTooSlow = duty(load, usualPlan, usualTiming) > mostDuty;
  const saves = levers({ load, present: usualPlan, timing: usualTiming, cheapest }).some(({ change }) =>
    change.startsWith('collecting every'),
  );
  return isTooSlow || saves ? cheapest : usualPlan;
}

/** The relay's defaults, with one destination in S3. */
const usualPlan: Plan = {
  everySeconds: 300,
  batchSize: 1_000,
  memoryMb: 512,
  timeoutSeconds: 300,
  destinations: [{ ...packedS3, compressed: true }],
};

/** Settings to paste into a stage: Mosaic's environment, and a stream for each type. */
export function settingsSnippet(url: string, planned: readonly PlannedType[]): string {
  const [environment = url] = Object.entries(mosaicUrls).find(([, each]) => each === url) ?? [];
  const streams = planned.map(({ type, plan }) => ({
    name: type,
    id: `relay-${type}`,
    type,
    every: minutesText(plan.everySeconds / 60),
    destinations: [{ kind: 's3' }],
  }));
  const text = settingsText({ environment, streams }, 'stage');
  // Without the braces of the object, since its members are what is pasted.
  return text.split('\n').slice(1, -1).join('\n');
}

export interface PlannedType {
  readonly type: string;
  readonly plan: Plan;
}

function minutesText(minutes: number): string {
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}
