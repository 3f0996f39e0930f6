import { inDollars } from '../../infra/config/cost-at-rest.ts';
import { monthlyCost } from '../advise/cost.ts';
import { freshness } from '../advise/recommend.ts';
import { usualTiming } from '../advise/workload.ts';
import { count, durationText, plural } from '../text.ts';
import type { TrialFacts } from './trial-count.ts';
import { fittingPlan, loadOf, settingsSnippet } from './trial-settings.ts';

/** What a trial has found, for people: a part for each type, and settings to paste. */
export function trialSummary(url: string, all: readonly TrialFacts[]): readonly string[] {
  const planned = all.map((facts) => ({ type: facts.type, plan: fittingPlan(loadOf(facts)) }));
  return [
    ...all.flatMap(typeLines),
    '',
    'Settings for what was seen, to paste into a stage:',
    settingsSnippet(url, planned),
  ];
}

function typeLines(facts: TrialFacts): readonly string[] {
  const { type, events, spanMs, activities, personal } = facts;
  const load = loadOf(facts);
  const plan = fittingPlan(load);
  const every = durationText(plan.everySeconds * 1_000);
  if (load === undefined) {
    const idle = monthlyCost({ eventsPerSecond: 0, eventBytes: 1_024 }, plan, usualTiming);
    return [
      '',
      `${type}: no event in ${durationText(spanMs)}. A stream gets the events that are raised after it was created; read for longer, --for 1h`,
      `  Cost: ${inDollars(idle.total)} a month without events, collected every ${every}`,
    ];
  }
  const { total, apart } = monthlyCost(load, plan, usualTiming);
  return [
    '',
    `${type}: ${plural(events, 'event')} in ${durationText(spanMs)}, ${rateText(facts.eventsPerSecond)}`,
    `  Sizes: ${count(facts.averageBytes)} bytes on average, ${count(facts.medianBytes)} the median, ${count(facts.largestBytes)} the largest`,
    `  Activities: ${listed(activities.map((one) => `${one.activity} ${count(one.events)}`))}`,
    `  Cost at this rate: ${inDollars(total)} a month to collect every ${every} and deliver compressed to one S3 destination, and ${inDollars(apart.journalStorage + apart.objectStorage)} to keep a month of it; alarms and the dashboard of a stage come on top`,
    `  Schedule: every ${every}; an event is with Firehose after ${durationText(freshness(load, plan, usualTiming) * 1_000)} at most`,
    personal.length === 0
      ? '  Personal data: no member looks like it'
      : `  Personal data may be in: ${listed(personal.map(({ path, why }) => `${path} (${why})`))}. A view keeps such members from a destination`,
  ];
}

function listed(all: readonly string[]): string {
  const more = all.length > mostTold ? `, and ${count(all.length - mostTold)} more` : '';
  return `${all.slice(0, mostTold).join(', ')}${more}`;
}

const mostTold = 12;

/** `3.2 a second, 276,480 a day` */
function rateText(eventsPerSecond: number): string {
  const second = eventsPerSecond >= 10 ? count(Math.round(eventsPerSecond)) : eventsPerSecond.toPrecision(2);
  return `${second} a second, ${count(Math.round(eventsPerSecond * 86_400))} a day`;
}
