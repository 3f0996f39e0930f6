import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { stageApp } from '../../../infra/stage-app.ts';
import { describeWorld } from '../../../local/run/deployed-relay.ts';
import { localRunFolder, runRelay } from '../../cli/run-relay.ts';
import { stageOf, stageSettings } from '../synthesized.ts';
import { hourMs, type WatchedStage, watchStage } from './watched-stage.ts';

const stream: StreamSettings = {
  name: 'cis',
  id: 'relay-cis',
  type: 'cis',
  every: '1 hour',
  destinations: [{ kind: 's3', name: 'lake', bufferSeconds: 900 }],
};
const without: StreamSettings = { ...stream, destinations: [{ kind: 's3', name: 'other' }] };

let stage: WatchedStage;
let folder: string;
let kept: string;

/** The destination, which has neither copier nor queue, leaves while its delivery stream holds every event. */
beforeAll(async () => {
  stage = await watchStage({ streams: [stream] });
  folder = mkdtempSync(join(tmpdir(), 'relay-failing-'));
  const { world } = stage;
  stage.eventsPerTick = 0;
  stage.source.generate(stage.streams, 60, 60_000);
  world.startSchedules();
  [kept = ''] = world.firehose.names;
  await stage.until(() => world.firehose.stats(kept).bufferedRecords > 0, 2 * hourMs);
  expect(world.firehose.stats(kept).bufferedRecords).toBeGreaterThan(0);
  stage.wrong.call = ({ operation, resource }) =>
    operation === 'PutObject' && resource.includes('/delivered/cis/lake/')
      ? { skipEffect: true, outcome: { status: 403, code: 'AccessDenied', message: 'by a policy' } }
      : undefined;
  world.scheduler.stop();
  stageApp(stageOf(stageSettings({ streams: [without] })), { outdir: folder }).synth();
  await world.update(folder);
  // Those of the stream lifecycle alone: days of collecting would prove nothing here.
  world.startSchedules(() => false);
}, 240_000);
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

const isRed = () => stage.alarmsIn('ALARM').includes('KeptWaiting');
const failedWrites = () => stage.world.firehose.errorLog.filter(({ stream: of }) => of === kept);

test('a kept delivery stream that fails to write to its bucket is told by an alarm within two hours', async () => {
  expect(isRed()).toBe(false);
  expect(await stage.until(() => failedWrites().length > 0, hourMs)).toBe(true);
  expect(await stage.until(isRed, 2 * hourMs)).toBe(true);
}, 240_000);

test('relay status says so, and asks for somebody', async () => {
  const { world } = stage;
  const run = await localRunFolder(describeWorld(world, 'test', world.operatorCredentials()));
  try {
    const told = await runRelay(['status', '--local', '--stage', 'test', '--out', run.path]);
    expect(told.out).toMatch(
      /cis\/lake \(removed\)[\s\S]*waiting for you[\s\S]*a write to S3 failed .+ ago\s+\(S3\.\w+\)/,
    );
    expect(told.out).toMatch(/waiting for you/);
  } finally {
    await run.remove();
  }
}, 240_000);

test('the alarm recovers a day after the last failure, when Firehose holds nothing of before it any more', async () => {
  stage.wrong.call = undefined;
  const held = () => stage.world.firehose.stats(kept).bufferedRecords;
  await stage.pass(hourMs);
  expect(held()).toBe(0);
  const last = failedWrites().at(-1)?.time ?? 0;
  await stage.until(() => false, last + 20 * hourMs - stage.world.clock.now());
  expect(isRed()).toBe(true);
  expect(await stage.until(() => stage.alarmsIn('OK').includes('KeptWaiting'), 8 * hourMs)).toBe(true);
  expect(stage.world.denials).toEqual([]);
}, 240_000);
