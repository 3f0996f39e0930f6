import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import {
  type CostGroup,
  costAtRest,
  costGroups,
  dollarsOf,
  eventMetricsDollars,
  inDollars,
  type TemplateResource,
} from '../../infra/config/cost-at-rest.ts';
import { prices } from '../../infra/config/prices.ts';
import type { Stage } from '../../infra/config/settings.ts';
import { stages } from '../../infra/config/stages.ts';
import { templatesOf } from './synthesized.ts';

/** The shipped `dev`: four streams, to Splunk, S3 twice, an HTTP endpoint and Google Cloud Storage. */
function dev(encryption: Stage['encryption']) {
  const chosen = chooseStage({ dev: { ...stages.dev, encryption } }, 'dev');
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  const templates = [...templatesOf(chosen.stage).values()];
  const resources = templates.flatMap(({ Resources }) =>
    Object.entries(Resources).map(([id, each]): TemplateResource => ({ id, ...each })),
  );
  const told = templates.flatMap(({ Outputs = {} }) => (Outputs.CostAtRest === undefined ? [] : [Outputs]));
  return { resources, costs: costAtRest(resources), output: told[0]?.CostAtRest as { Value: string } };
}

const awsOwned = dev('aws-owned');
const ownKeys = dev('customer-managed');

test('dev with keys that AWS owns costs at most $15 a month at rest', () => {
  expect(dollarsOf(awsOwned.costs)).toBeLessThanOrEqual(15);
  expect(dollarsOf(ownKeys.costs) - dollarsOf(awsOwned.costs)).toBeCloseTo(1, 9);
});

test('every alarm is counted, and of each stream the metrics that a run and a sweep without events send', () => {
  const named = (group: CostGroup) =>
    awsOwned.costs.filter((each) => each.group === group).map(({ name }) => name);
  const alarms = awsOwned.resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  expect(named('alarms').toSorted()).toEqual(alarms.map(({ Properties }) => Properties.AlarmName).toSorted());
  expect(rows.alarms).toMatch(new RegExp(`^${alarms.length} alarms`));
  const one = prices.alarmPerMonth;
  const more = awsOwned.costs.filter(({ group, dollars }) => group === 'alarms' && dollars > one * 1.5);
  expect(more.map(({ name, dollars }) => [name.split('-').at(-1), dollars]).toSorted()).toEqual([
    ...Array(2).fill(['Silent', 2 * one]),
    ['ViewDropsAll', 2 * one],
  ]);
  expect(named('metrics').toSorted()).toEqual(
    [
      ...['admin', 'cis', 'risk', 'verify'].flatMap((stream) => [
        `RunSucceeded of ${stream}-collect`,
        `OldestUndelivered of ${stream}-sweep`,
        `SinceLastRun of ${stream}-sweep`,
      ]),
      'Orphaned of find-orphans',
    ].toSorted(),
  );
});

test('the output, which advise reads, and the dashboard print what the templates come to', () => {
  for (const { resources, costs, output } of [awsOwned, ownKeys]) {
    const all = dollarsOf(costs);
    expect(output.Value).toBe(all.toFixed(2));
    const dashboard = resources.find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    expect(body).toContain(`at rest ${inDollars(all)} a month`);
    expect(body).toContain(`firehose + lambda + ${(all - dollarsOf(costs, 'Lambda')).toFixed(2)}`);
  }
});

test('docs/deploy.md prints the same', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
  const row = (name: string, group?: CostGroup) =>
    `| ${name} | ${inDollars(dollarsOf(ownKeys.costs, group))} | ${inDollars(dollarsOf(awsOwned.costs, group))} |`;
  for (const group of costGroups) expect(page).toContain(row(rows[group], group));
  expect(page).toContain(row('**all**'));
  expect(page).toContain(`${inDollars(eventMetricsDollars(awsOwned.resources))} more`);
});

const rows: Readonly<Record<CostGroup, string>> = {
  alarms: '70 alarms, `ViewDropsAll` and the 2 `Silent` ones of two metrics each and billed as two',
  metrics: '13 custom metrics, by the hours in which they are sent',
  dashboard: 'dashboard',
  key: 'key',
  queues: "Lambda's polling of a copier's queue",
  runs: 'runs and sweeps: schedules, table, listings of the bucket, logs',
  Lambda: 'Lambda',
};

describe('what AWS bills an alarm by', () => {
  const costOf = (Type: string, Properties: object = {}) =>
    dollarsOf(costAtRest([{ id: 'One', Type, Properties }]));
  const alarm = (given: object) => costOf('AWS::CloudWatch::Alarm', given);
  const metric = (Period: number) => ({ MetricStat: { Period } });

  test('is each metric that it analyses, and no expression', () => {
    expect(alarm({ Period: 300 })).toBeCloseTo(0.1, 9);
    expect(alarm({ Metrics: [metric(300), metric(300), { Expression: 'a + b' }] })).toBeCloseTo(0.2, 9);
  });

  test('is more below a minute, and for an alarm over alarms', () => {
    expect(alarm({ Period: 10 })).toBeCloseTo(0.3, 9);
    expect(costOf('AWS::CloudWatch::CompositeAlarm')).toBeCloseTo(0.5, 9);
  });
});

test('a metric that is sent once a day is billed for an hour of the day', () => {
  const schedule = (ScheduleExpression: string) => ({
    id: 'One',
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'find-orphans',
      ScheduleExpression,
      Target: { Arn: {}, Input: '{"task":"find-orphans"}' },
    },
  });
  const metrics = (expression: string) => dollarsOf(costAtRest([schedule(expression)]), 'metrics');
  expect(metrics('rate(1 day)')).toBeCloseTo(0.3 / 24, 9);
  expect(metrics('cron(0 6 ? * MON-FRI *)')).toBeCloseTo(((0.3 / 24) * 5) / 7, 3);
  expect(metrics('cron(0/5 * * * ? *)')).toBeCloseTo(0.3, 9);
});
