import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { stageApp } from '../../../infra/stage-app.ts';
import { stageOf, stageSettings } from '../synthesized.ts';
import { expectSample } from './runbook-sample.ts';
import { hourMs, provider, type WatchedStage, watchStage } from './watched-stage.ts';

const events = 60;
const stream: StreamSettings = {
  name: 'cis',
  id: 'relay-cis',
  type: 'cis',
  every: '1 hour',
  destinations: [{ kind: 'gcs', bucket: 'mosaic-events', provider, bufferSeconds: 900 }],
};
const without: StreamSettings = { ...stream, destinations: [{ kind: 's3', name: 'other' }] };

let stage: WatchedStage;
let folder: string;

/** The destination leaves while its delivery stream holds every event, and while Google takes nothing. */
beforeAll(async () => {
  stage = await watchStage({ streams: [stream] });
  folder = mkdtempSync(join(tmpdir(), 'relay-kept-'));
  const { world } = stage;
  stage.eventsPerTick = 0;
  google().faults.refuse = {
    status: 503,
    headers: { 'retry-after': '120' },
    paths: /^\/(upload|storage)\//,
  };
  stage.source.generate(stage.streams, events, 60_000);
  world.startSchedules();
  const [name = ''] = world.firehose.names;
  await stage.until(() => world.firehose.stats(name).bufferedRecords > 0, 2 * hourMs);
  expect(world.firehose.stats(name).bufferedRecords).toBeGreaterThan(0);
  stageApp(stageOf(stageSettings({ streams: [without] })), { outdir: folder }).synth();
  await world.update(folder);
}, 240_000);
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a copier that is kept hears of what Firehose writes after the deploy, and an alarm tells of it while the receiver refuses', async () => {
  expect(stage.alarmsIn('ALARM')).not.toContain('KeptWaiting');
  expect(await stage.until(() => stage.alarmsIn('ALARM').includes('KeptWaiting'), 4 * hourMs)).toBe(true);
  await expectSample(stage, 'KeptWaiting');
}, 240_000);

test('the alarm recovers when the receiver has everything', async () => {
  google().faults.refuse = undefined;
  expect(await stage.until(() => stage.alarmsIn('OK').includes('KeptWaiting'), 4 * hourMs)).toBe(true);
  let lines = 0;
  await google().eachLine(() => {
    lines += 1;
  });
  expect(lines).toBe(events);
  expect(stage.world.denials).toEqual([]);
}, 240_000);

test('the look itself is watched: an alarm tells when it fails, when nothing starts it, and not before', async () => {
  const lifecycleAlarms = () =>
    stage.followed.evaluator.history.flatMap(({ name, to }) =>
      name.endsWith('-LifecycleFailing') ? [to] : [],
    );
  const red = () => stage.alarmsIn('ALARM').includes('LifecycleFailing');
  const green = () => stage.alarmsIn('OK').includes('LifecycleFailing');
  expect(lifecycleAlarms()).not.toContain('ALARM');
  stage.wrong.call = ({ operation, service }) =>
    service === 'dynamodb' && operation === 'Query'
      ? { skipEffect: true, outcome: { status: 400, code: 'AccessDeniedException', message: 'by a policy' } }
      : undefined;
  expect(await stage.until(red, 2 * hourMs)).toBe(true);
  stage.wrong.call = undefined;
  expect(await stage.until(green, 8 * hourMs)).toBe(true);
  stage.world.scheduler.stop();
  expect(await stage.until(red, 8 * hourMs)).toBe(true);
}, 240_000);

function google() {
  const found = stage.receivers.of('cis', 'gcs');
  if (found === undefined) throw new Error('there is no receiver for Google');
  return found.receiver;
}
