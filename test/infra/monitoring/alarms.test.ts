import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import {
  type AlarmName,
  alarmSeverities,
  destinationAlarmNames,
  stageAlarmNames,
  streamAlarmNames,
  witnessAlarmNames,
} from '../../../infra/config/alarm-names.ts';
import type { StageAlarmSettings } from '../../../infra/config/alarm-settings.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { checked } from '../../../infra/constructs/alarms/evaluation.ts';
import { RelayAlarm } from '../../../infra/constructs/alarms/relay-alarm.ts';
import { stageMetric } from '../../../infra/constructs/metrics.ts';
import { resourcesOf, stageOf, stageSettings } from '../synthesized.ts';
import { everySort, metricsOfAlarm, monitoredOf, monitoredStream } from './monitored.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');
const everyName = [...streamAlarmNames, ...witnessAlarmNames, ...destinationAlarmNames, ...stageAlarmNames];
const monitored = monitoredStream({
  name: 'one',
  every: '5 minutes',
  destinations: everySort,
  witness: 'recover',
});
const topicNames = { urgent: 'mosaic-relay-test-alarms', waiting: 'mosaic-relay-test-alarms-waiting' };
const nameOf = (alarmName: string) => alarmName.slice(alarmName.lastIndexOf('-') + 1);

test('a stream with every sort of destination has every alarm there is', () => {
  const names = new Set([...monitored.alarms.keys()].map(nameOf));
  expect([...names].toSorted()).toEqual(everyName.toSorted());
});

describe.each([...monitored.alarms])('%s', (name, alarm) => {
  test('says what it means, who is hurt, what to do first, what missing data means and where to read on', () => {
    const lines: string[] = alarm.AlarmDescription.split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^[A-Z].*\.$/);
    expect(lines[1]).toMatch(/^Who is hurt: .+\.$/);
    expect(lines[2]).toMatch(
      /^First: npx relay (status|doctor|runs|drift|explain [A-Za-z]+|logs( --errors)? --since -[0-9]+[hd]|replay( --source [a-z-]+)? --dry-run) --stage test( --stream one(-witness)?)?$/,
    );
    expect(lines[3]).toMatch(/^Without data: .+\.$/);
    expect(lines[4]).toBe(`Runbook: docs/runbook.md#${nameOf(name).toLowerCase()}`);
    expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024);
  });

  test('says how missing data is treated', () => {
    expect(alarm.TreatMissingData).toMatch(/^(breaching|notBreaching|ignore)$/);
  });

  test('is one that CloudWatch evaluates', () => {
    const periodSeconds = alarm.Period ?? periodOf(alarm);
    expect(() => checked({ periodSeconds, periods: alarm.EvaluationPeriods })).not.toThrow();
  });

  test('notifies the topic of its severity, and no other, when it begins and when it is over', () => {
    const severity = alarmSeverities[nameOf(name) as AlarmName];
    expect(alarm.AlarmActions.map(topicNameOf)).toEqual([topicNames[severity]]);
    expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    expect(alarm.ActionsEnabled).toBeUndefined();
  });
});

describe('the runbook', () => {
  const headings = [...runbook.matchAll(/^### (\S+)$/gm)].map(([, heading]) => heading);
  const contents = [...runbook.matchAll(/^- \[(\S+)\]\(#(\S+)\)/gm)].map(([, name, anchor]) => [
    name,
    anchor,
  ]);

  test('has one article for each alarm, in the order of its contents', () => {
    expect(headings.toSorted()).toEqual(everyName.toSorted());
    expect(contents).toEqual(headings.map((heading) => [heading, heading?.toLowerCase()]));
  });

  test('says of each in its contents how urgent it is', () => {
    const said = [...runbook.matchAll(/^- \[(\S+)\]\(#\S+\), (urgent|waiting): /gm)].map(([, name, how]) => [
      name,
      how,
    ]);
    expect(Object.fromEntries(said)).toEqual(alarmSeverities);
  });

  test('says of each what it means, how to see it, what to do and how to know it is over', () => {
    for (const article of runbook.split(/^### /m).slice(1)) {
      const [name] = article.split('\n');
      const labels = [...article.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, label]) => label);
      expect([name, ...labels]).toEqual([name, 'Means', 'See', 'Do', 'Over']);
      expect(article.match(/\*\*See\*\* `npx relay [a-z-]+/)).not.toBeNull();
    }
  });

  test('begins each article with the command that the alarm names first', () => {
    for (const [name, alarm] of monitored.alarms) {
      const first = /First: (npx relay .+?) --stage/.exec(alarm.AlarmDescription)?.[1];
      const article = runbook.split(`\n### ${nameOf(name)}\n`)[1]?.split('\n### ')[0];
      expect(article).toContain(`**See** \`${first}`);
    }
  });

  test('names commands that exist, with flags that they have', async () => {
    for (const [, name = '', words = ''] of runbook.matchAll(/`npx relay ([a-z-]+)([^`]*)`/g)) {
      const { flags } = (await commands[name]?.load())?.command ?? {};
      expect(Object.keys(flags ?? {}), `${name}${words}`).toEqual(
        expect.arrayContaining([...words.matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag)),
      );
      expect(flags, name).toBeDefined();
    }
  });
});

describe('thresholds follow from the schedule', () => {
  const alarmsOf = (stream: Partial<StreamSettings>) => {
    const { alarms } = monitoredStream({ name: 'one', ...stream });
    return (name: string) => alarms.get(`mosaic-relay-test-one-${name}`);
  };

  test.each<readonly [string, number, number]>([
    ['1 minute', 900, 900],
    ['5 minutes', 900, 2 * 300 + 300 + 300],
    ['1 hour', 3 * 3_600, 2 * 3_600 + 600],
    ['1 day', 86_400, 2 * 86_400 + 600],
  ])('a stream collected every %s fails for %i s and does not run for %i s', (every, failing, notRunning) => {
    const alarm = alarmsOf({ every });
    expect(alarm('Failing').Period * alarm('Failing').EvaluationPeriods).toBe(failing);
    expect(alarm('NotRunning').Threshold).toBe(notRunning);
  });

  test.each(['1 minute', '5 minutes', '15 minutes', '1 hour', '6 hours'])(
    'runs every %s that go on delivering until their timeout are no alarm, though ticks are skipped',
    (every) => {
      for (const minutes of [1, 5, 15]) {
        const alarm = alarmsOf({ every, timeout: `${minutes} minutes`, collectTimeout: '10 seconds' });
        const tick = secondsOf(every);
        // A run delivers until 8 seconds before its timeout; the next tick after its end is granted the lease.
        const run = minutes * 60 - 8;
        const endAfter = (end: number) => (Math.floor(end / tick) + 1) * tick + run;
        // A run that ends at once, and then two that take all of their time.
        const first = 0;
        const second = endAfter(first);
        const third = endAfter(second);
        expect(alarm('NotRunning').Threshold).toBeGreaterThanOrEqual(second - first);
        // One failure between two that went well leaves no span of only failures.
        expect(alarm('Failing').Period).toBeGreaterThanOrEqual(Math.min(86_400, third - first));
      }
    },
  );

  test('a cron line counts by its longest gap', () => {
    const alarm = alarmsOf({ cron: '0 6 ? * MON-FRI *' });
    expect(alarm('NotRunning').Threshold).toBeGreaterThan(2 * 72 * 3_600);
  });

  test('what is set counts, whatever the schedule', () => {
    const alarm = alarmsOf({
      alarms: { quiet: '6 hours', behind: '2 hours', undelivered: '90 minutes', deliveryBehind: '1 hour' },
    });
    expect(periodOf(alarm('Silent')) * alarm('Silent').EvaluationPeriods).toBe(6 * 3_600);
    expect(alarm('Behind').Threshold).toBe(7_200);
    expect(alarm('Undelivered').Threshold).toBe(5_400);
    expect(alarm('s3-DeliveryBehind').Threshold).toBe(3_600);
  });

  test('what nears its expiry is a third of the journal old, and undelivered', () => {
    const { alarms } = monitoredStream({ name: 'one' }, { journalDays: 12 });
    expect(alarms.get('mosaic-relay-test-one-NearExpiry')).toMatchObject({
      MetricName: 'OldestUndelivered',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 4 * 86_400,
      // No sweep tells: that is for Undelivered to say.
      TreatMissingData: 'ignore',
    });
  });

  test('what removed destinations are owed is an alarm of its own, and quiet where nothing is told', () => {
    expect(alarmsOf({ alarms: { undelivered: '2 hours' } })('OwedToRemoved')).toMatchObject({
      MetricName: 'OldestOwedToRemoved',
      Threshold: 7_200,
      TreatMissingData: 'notBreaching',
    });
  });

  test('a stream that may be quiet for ever has no alarm on silence', () => {
    expect(alarmsOf({ alarms: { quiet: 'off' } })('Silent')).toBeUndefined();
  });

  test('a schedule of any length is watched by the gauge of the sweeps', () => {
    const alarm = alarmsOf({ every: '7 days', alarms: { quiet: 'off' } })('NotRunning');
    expect(metricsOfAlarm(alarm).map(({ name }) => name)).toEqual(['SinceLastRun']);
    expect(alarm).toMatchObject({ Threshold: 14 * 86_400 + 600, TreatMissingData: 'ignore' });
  });

  test('a silence that CloudWatch cannot look back on is refused, with what to write', () => {
    expect(() => alarmsOf({ every: '4 days' })).toThrow(/alarms\.quiet: .* 7 days at most; give 'off'/);
  });

  test('an alarm that looks back less far than one gap is refused', () => {
    expect(() => alarmsOf({ every: '6 hours', alarms: { notRunning: '1 hour' } })).toThrow(
      /alarms\.notRunning: 1 hour are below the 6 hours/,
    );
  });

  test.each(['quiet', 'notRunning'])(
    'an alarm on %s that a run would set off by delivering until its timeout is refused, with what to write',
    (name) => {
      const read = (span: string) => alarmsOf({ timeout: '10 minutes', alarms: { [name]: span } });
      expect(() => read('10 minutes')).toThrow(
        `alarms.${name}: 10 minutes are below the 15 minutes from the end of one run to the end of the next, where a run delivers until its timeout; give '15 minutes' or more, or leave it out`,
      );
      expect(() => read('15 minutes')).not.toThrow();
    },
  );
});

/** The period of an alarm over an expression. */
function periodOf({
  Metrics,
}: {
  readonly Metrics: readonly { readonly MetricStat?: { Period: number } }[];
}) {
  return Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? 0;
}

function secondsOf(every: string): number {
  const [count, unit = ''] = every.split(' ');
  return Number(count) * (unit.startsWith('hour') ? 3_600 : 60);
}

test('no alarm stands between another and a person', () => {
  const types = [...monitored.templates.values()].flatMap(({ Resources }) =>
    Object.values(Resources).map(({ Type }) => Type),
  );
  expect(types).toContain('AWS::CloudWatch::Alarm');
  expect(types).not.toContain('AWS::CloudWatch::CompositeAlarm');
});

describe('the topics', () => {
  const someone = (endpoint: string) => ({ protocol: 'email', endpoint }) as const;
  const subscriptions = [someone('soc@example.com')];

  test.each(['customer-managed', 'aws-owned'] as const)(
    'let the alarms of their stage publish, with %s keys',
    (encryption) => {
      const { templates } = monitoredStream({}, { encryption });
      const main = templates.get('mosaic-relay-test.template.json')!;
      const topics = resourcesOf(main, 'AWS::SNS::Topic');
      const policies = resourcesOf(main, 'AWS::SNS::TopicPolicy');
      expect([topics.length, policies.length]).toEqual([2, 2]);
      for (const [, policy] of policies) {
        const publish = policy.Properties.PolicyDocument.Statement.find(
          ({ Sid }: { readonly Sid: string }) => Sid === 'AlarmsTell',
        );
        expect(publish).toMatchObject({
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
        });
        expect(JSON.stringify(publish.Condition)).toContain(':alarm:mosaic-relay-test*');
      }
      for (const [, topic] of topics)
        expect(topic.Properties.KmsMasterKeyId !== undefined).toBe(encryption === 'customer-managed');
      const key = JSON.stringify(resourcesOf(main, 'AWS::KMS::Key'));
      expect(key.includes('cloudwatch.amazonaws.com')).toBe(encryption === 'customer-managed');
    },
  );

  test('have the subscribers of their severity, and those of all alarms, each once', () => {
    const urgent = [someone('pager@example.com'), someone('soc@example.com')];
    const waiting = [someone('tickets@example.com')];
    const { templates } = monitoredStream({}, { alarms: { subscriptions, urgent, waiting } });
    const main = templates.get('mosaic-relay-test.template.json')!;
    const told = resourcesOf(main, 'AWS::SNS::Subscription').map(([, { Properties }]) => [
      main.Resources[Properties.TopicArn.Ref]?.Properties.TopicName,
      Properties.Endpoint,
    ]);
    expect(told.toSorted()).toEqual([
      ['mosaic-relay-test-alarms', 'pager@example.com'],
      ['mosaic-relay-test-alarms', 'soc@example.com'],
      ['mosaic-relay-test-alarms-waiting', 'soc@example.com'],
      ['mosaic-relay-test-alarms-waiting', 'tickets@example.com'],
    ]);
  });

  test.each([
    [
      { subscriptions: [{ protocol: 'https', endpoint: 'soc' }] },
      /alarms\.subscriptions\[0\]\.endpoint: 'soc' is nothing that 'https' reaches/,
    ],
    [
      { urgent: [{ protocol: 'sqs', endpoint: 'arn:aws:sns:eu-north-1:111122223333:pager' }] },
      /alarms\.urgent\[0\]\.endpoint: 'arn:aws:sns:eu-north-1:111122223333:pager' is a topic in eu-north-1, and a topic notifies no other; give what is subscribed/,
    ],
    [
      { critical: [] },
      /alarms\.critical: is not a setting here; the settings are subscriptions, urgent, waiting, runbook/,
    ],
    [{ waiting: 'soc@example.com' }, /alarms\.waiting: 'soc@example.com' is not a list; give a list/],
  ])('%j is refused with what would be right', (alarms, problem) => {
    expect(() => monitoredStream({}, { alarms: alarms as StageAlarmSettings })).toThrow(problem);
  });
});

test('an alarm without one of its texts is refused at synth', () => {
  const stack = new Stack(new App());
  const topic = new Topic(stack, 'Topic');
  const make = () =>
    new RelayAlarm(stack, 'It', {
      name: 'Orphaned',
      context: { stackName: 's', stage: 't', runbook: 'r', topics: { urgent: topic, waiting: topic } },
      means: 'Something.',
      hurts: ' ',
      firstStep: 'status',
      missingData: { is: 'ignore', because: 'it stays.' },
      breach: { above: 0 },
      evaluation: { periodSeconds: 300, periods: 1 },
      metric: (periodSeconds) => stageMetric('Orphaned', 't', { statistic: 'Maximum', periodSeconds }),
    });
  expect(make).toThrow('the alarm Orphaned does not say hurts');
});

test.each([
  [{ periodSeconds: 300, periods: 289 }, /1 days at most/],
  [{ periodSeconds: 3_600, periods: 169 }, /7 days at most/],
  [{ periodSeconds: 90_000, periods: 1 }, /does not evaluate/],
])('%j is refused, for CloudWatch does not evaluate it', (evaluation, refusal) => {
  expect(() => checked(evaluation)).toThrow(refusal);
});

test('twenty streams of eight destinations stay within the limits of every stack', () => {
  const destinations = Array.from({ length: 2 }, (_, index) => ({ kind: 's3' as const, name: `s${index}` }));
  const streams = Array.from(
    { length: 20 },
    (_, index): StreamSettings => ({ id: `s${index}`, type: 'cis', destinations }),
  );
  const { templates, alarms } = monitoredOf(stageOf(stageSettings({ streams })));
  expect(alarms.size).toBe(20 * (13 + 2 * 2) + 5);
  for (const { Resources, Parameters = {} } of templates.values() as Iterable<{
    Resources: object;
    Parameters?: object;
  }>) {
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
    expect(Object.keys(Parameters).length).toBeLessThanOrEqual(200);
  }
});

/** The name of a topic that a nested stack takes as a parameter. */
function topicNameOf({ Ref }: { readonly Ref: string }): string | undefined {
  const main = monitored.templates.get('mosaic-relay-test.template.json')!;
  const given = resourcesOf(main, 'AWS::CloudFormation::Stack').map(
    ([, { Properties }]) => Properties.Parameters[Ref],
  );
  const topic = given.find((value) => value !== undefined)?.Ref;
  return main.Resources[topic]?.Properties.TopicName;
}
