import { afterEach, expect, test } from 'vitest';
import { createScheduler, type SchedulerOptions, type Tick } from '../../aws/scheduler.ts';
import { readExpression } from '../../aws/scheduler-expression.ts';
import { createVirtualClock, type VirtualClock } from '../../clock/virtual-clock.ts';

const startAt = Date.parse('2026-03-01T00:00:30Z');
const minute = 60_000;
const clocks: VirtualClock[] = [];
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.close();
});

function start(options: Partial<SchedulerOptions> = {}) {
  const clock = createVirtualClock({ startAt });
  clocks.push(clock);
  const ticks: Tick[] = [];
  const scheduler = createScheduler({
    clock,
    accountId: '123456789012',
    region: 'us-east-1',
    invoke: async (tick) => ticks.push(tick),
    ...options,
  });
  const minutes = () => ticks.map(({ scheduledAt }) => (scheduledAt - startAt) / minute);
  return { clock, scheduler, ticks, minutes };
}

const target = {
  Arn: 'arn:aws:lambda:us-east-1:123456789012:function:f:live',
  RoleArn: 'role',
  Input: '{"task":"sweep"}',
};
const schedule = (changes: object = {}) => ({
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: target,
  ...changes,
});

test('a rate begins at once and goes on at its period', async () => {
  const { clock, scheduler, minutes, ticks } = start();
  scheduler.put('relay/sweep', schedule());

  scheduler.start();
  await clock.runUntil(() => false, startAt + 16 * minute);

  expect(minutes()).toEqual([0, 5, 10, 15]);
  expect(ticks[0]?.schedule).toMatchObject({
    targetArn: target.Arn,
    roleArn: 'role',
    input: '{"task":"sweep"}',
  });
});

test('a rate with a StartDate begins then and counts from there', async () => {
  const { clock, scheduler, minutes } = start();
  const StartDate = new Date(startAt + 7 * minute).toISOString();
  scheduler.put('relay/sweep', schedule({ StartDate }));

  scheduler.start();
  await clock.runUntil(() => false, startAt + 20 * minute);

  expect(minutes()).toEqual([7, 12, 17]);
});

test('a StartDate that has passed is refused in the words of AWS', () => {
  const { scheduler } = start();
  const before = (minutes: number) => new Date(startAt - minutes * minute).toISOString();
  const put = (StartDate: string) => scheduler.put('relay/sweep', schedule({ StartDate }));
  expect(() => put(before(6))).toThrow('The StartDate you specify cannot be earlier than 5 minutes ago.');
  expect(() => put(before(4))).not.toThrow();
});

test('nothing fires before the start, after the stop, when disabled, or when not wanted', async () => {
  const { clock, scheduler, ticks } = start();
  scheduler.put('relay/on', schedule());
  scheduler.put('relay/off', schedule({ State: 'DISABLED' }));
  scheduler.put('relay/other', schedule());
  expect(clock.next()).toBeUndefined();

  scheduler.start(({ name }) => name !== 'relay/other');
  await clock.advance();
  scheduler.stop();
  await clock.runUntil(() => false, startAt + 60 * minute);

  expect(ticks.map((tick) => tick.schedule.name)).toEqual(['relay/on']);
});

test('a schedule that is changed or removed while it runs follows at once', async () => {
  const { clock, scheduler, minutes } = start();
  scheduler.put('relay/collect', schedule());
  scheduler.start();
  await clock.runUntil(() => false, startAt + 6 * minute);

  scheduler.put('relay/collect', schedule({ ScheduleExpression: 'rate(1 hour)' }));
  await clock.runUntil(() => false, startAt + 70 * minute);
  scheduler.remove('relay/collect');
  await clock.runUntil(() => false, startAt + 600 * minute);

  expect(minutes()).toHaveLength(4);
  expect(clock.next()).toBeUndefined();
});

test('a target that cannot be reached is tried again within the policy, then goes to the dead-letter queue', async () => {
  const tries: number[] = [];
  const dead: unknown[] = [];
  const { clock, scheduler } = start({
    invoke: async ({ attempt }) => {
      tries.push(attempt);
      throw new Error('planted');
    },
    sendTo: async (...sent) => {
      dead.push(sent);
    },
  });
  const Target = { ...target, RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: 'queue' } };
  scheduler.put('relay/once', schedule({ ScheduleExpression: 'at(2026-03-01T00:01:00)', Target }));

  scheduler.start();
  await clock.runUntil(() => false, startAt + 60 * minute);

  expect(tries).toEqual([1, 2, 3]);
  expect(dead).toEqual([['role', 'queue', { task: 'sweep' }]]);
});

test('a target that cannot be reached, with no dead-letter queue, stops the run by name', async () => {
  const { clock, scheduler } = start({
    invoke: async () => {
      throw new Error('planted');
    },
  });
  const Target = { ...target, RetryPolicy: { MaximumRetryAttempts: 0 } };
  scheduler.put('relay/collect', schedule({ Target }));

  scheduler.start();

  await expect(clock.runUntil(() => false, startAt + minute)).rejects.toThrow('relay/collect: planted');
});

test('a call that is not allowed is not tried again', async () => {
  const { clock, scheduler } = start({
    invoke: async () => {
      throw new Error('AccessDenied: planted');
    },
  });
  scheduler.put('relay/collect', schedule());

  scheduler.start();

  await expect(clock.advance()).rejects.toThrow('relay/collect: AccessDenied: planted');
});

test('a tick can be made to come twice, or late', async () => {
  const { clock, scheduler, ticks } = start({ interfere: () => ({ delaysMs: [0, 0, 90_000] }) });
  scheduler.put('relay/once', schedule({ ScheduleExpression: 'at(2026-03-01T00:01:00)' }));

  scheduler.start();
  await clock.advance();
  expect(ticks).toHaveLength(2);

  await clock.advance();
  expect(ticks).toHaveLength(3);
});

test.each([
  ['FlexibleTimeWindow', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }],
  ['Target.EcsParameters', { Target: { ...target, EcsParameters: {} } }],
  ['Target.Input', { Target: { ...target, Input: undefined } }],
  ['rate(0 minutes)', { ScheduleExpression: 'rate(0 minutes)' }],
  ['rate(90 seconds)', { ScheduleExpression: 'rate(90 seconds)' }],
  ['cron(0 6 * * * *)', { ScheduleExpression: 'cron(0 6 * * * *)' }],
  ['Mars', { ScheduleExpression: 'cron(0 6 * * ? *)', ScheduleExpressionTimezone: 'Mars/Olympus' }],
])('what it does not know is refused by name: %s', (name, changes) => {
  const { scheduler } = start();
  const words = name.split('.');

  expect(() => scheduler.put('relay/x', schedule(changes))).toThrow(words.at(-1));
});

test.each([
  [
    'the weekday counts from Sunday as 1',
    'cron(0 6 ? * 2-6 *)',
    'UTC',
    ['2026-03-02T06:00', '2026-03-03T06:00'],
  ],
  ['a step may begin at a number', 'cron(10/20 * * * ? *)', 'UTC', ['2026-03-01T00:10', '2026-03-01T00:30']],
  ['the time zone counts', 'cron(0 6 * * ? *)', 'Asia/Kolkata', ['2026-03-01T00:30', '2026-03-02T00:30']],
  ['the last day of a month', 'cron(0 0 L * ? *)', 'UTC', ['2026-03-31T00:00', '2026-04-30T00:00']],
  ['the year', 'cron(0 0 1 1 ? 2028)', 'UTC', ['2028-01-01T00:00']],
  ['once', 'at(2026-07-01T12:00:00)', 'Europe/Berlin', ['2026-07-01T10:00']],
])('%s', (_, expression, timeZone, expected) => {
  expect(occurrences(expression, timeZone, '2026-03-01T00:00:00Z', 2)).toEqual(expected);
});

test('a time that daylight saving takes away is skipped, and one that it repeats comes once', () => {
  expect(occurrences('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00:00Z', 1)).toEqual([
    '2026-03-30T00:30',
  ]);
  expect(occurrences('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]);
  expect(occurrences('cron(0/30 2 * * ? *)', 'Europe/Berlin', '2026-10-25T00:00:00Z', 3)).toEqual([
    '2026-10-25T00:00',
    '2026-10-25T00:30',
    '2026-10-26T01:00',
  ]);
});

function occurrences(expression: string, timeZone: string, from: string, count: number): string[] {
  const found: string[] = [];
  const { from: next } = readExpression(expression, timeZone, 0);
  let cursor: number | undefined = next(Date.parse(from));
  while (cursor !== undefined && found.length < count) {
    found.push(new Date(cursor).toISOString().slice(0, 16));
    cursor = next(cursor + 1);
  }
  return found;
}
