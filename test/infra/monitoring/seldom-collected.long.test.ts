import type { Followed } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs, type WatchedStage, watchStage } from './watched-stage.ts';

const name = 'mosaic-relay-test-cis-NotRunning';

let stage: WatchedStage;

beforeAll(async () => {
  const destinations = [{ kind: 's3' }] as const;
  const alarms = { quiet: 'off' };
  stage = await watchStage({
    streams: [{ name: 'cis', id: 'relay-cis', type: 'cis', every: '7 days', destinations, alarms }],
  });
}, 120_000);
afterAll(() => stage?.close());

test('that no run ended for longer than CloudWatch looks back is told by sweeps', async () => {
  const { world, wrong, metrics } = stage;
  const passSomeSweeps = () => stage.pass(hourMs / 4);
  const notRunning = ({ evaluator }: Followed) => evaluator.states().find((alarm) => alarm.name === name);
  world.startSchedules();
  await passSomeSweeps();
  expect(notRunning(stage.followed)).toMatchObject({ state: 'OK' });

  // Nothing happens for two weeks and an hour, which nobody judges minute by minute.
  world.scheduler.stop();
  stage.followed.stop();
  await stage.pass((14 * 24 + 1) * hourMs);
  const followed = metrics.follow(world);
  wrong.ticks = 'dropped';
  world.startSchedules();
  await passSomeSweeps();
  expect(notRunning(followed)).toMatchObject({
    state: 'ALARM',
    reason: expect.stringMatching(/\b121\d{4} against > 1210200$/),
  });

  wrong.ticks = undefined;
  world.startSchedules();
  // A sweep that has seen the run, and then half an hour.
  await passSomeSweeps();
  await stage.pass(hourMs / 2);
  expect(notRunning(followed)).toMatchObject({ state: 'OK' });
});
