import { expect, test } from 'vitest';
import { describeSchedule } from '../../../cli/schedules/describe-schedule.ts';

test.each([
  ['rate(7 minutes)', 'every 7 minutes'],
  ['cron(0/5 * * * ? *)', 'every 5 minutes'],
  ['cron(0/30 * * * ? *)', 'every 30 minutes'],
  ['cron(0 * * * ? *)', 'every 1 hour'],
  // Its last tick of an hour is three minutes before the next.
  ['cron(0/7 * * * ? *)', '0/7 * * * ? * UTC'],
  ['cron(0 6 ? * MON-FRI *)', '0 6 ? * MON-FRI * UTC'],
])('%s is shown as "%s"', (expression, shown) => {
  expect(describeSchedule({ expression, timeZone: 'UTC', on: true })).toBe(shown);
  expect(describeSchedule({ expression, timeZone: 'UTC', on: false })).toBe(`paused (${shown})`);
});
