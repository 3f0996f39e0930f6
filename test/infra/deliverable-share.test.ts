import { readExpression } from '@mosaic-relay/cdk-loopback';
import { describe, expect, test } from 'vitest';
import { deliverableShare, timeoutWarning } from '../../infra/config/deliverable-share.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { ticksOf } from '../../infra/config/ticks.ts';
import { stageApp } from '../../infra/stage-app.ts';
import { inFolder, stageOf, stageSettings, streamSettings, unbundled } from './synthesized.ts';

const warnings = inFolder((outdir) => {
  const stream = streamSettings({ timeout: '2 minutes', collectTimeout: '10 seconds', witness: 'detect' });
  const { stacks } = stageApp(stageOf(stageSettings({ streams: [stream] })), {
    context: unbundled,
    outdir,
  }).synth();
  const messages = stacks.flatMap((stack) => stack.messages);
  return messages.filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data));
});

const midnight = Date.UTC(2026, 2, 2);
const day = 86_400;

function streamOf(settings: Partial<StreamSettings>) {
  const stream = streamSettings({ collectTimeout: '10 seconds', alarms: { quiet: 'off' }, ...settings });
  return stageOf(stageSettings({ streams: [stream] })).streams[0]!;
}

/** Of sixteen hours: four in which both settle, and twelve in which all of them repeat. */
const settled = 4 * 3_600;
const end = 16 * 3_600;
const ticksRead = new Map<string, readonly number[]>();

function tickSeconds(expression: string): readonly number[] {
  const known = ticksRead.get(expression);
  if (known !== undefined) return known;
  const occurrences = readExpression(expression, 'UTC', midnight);
  const found: number[] = [];
  for (let at = midnight; at < midnight + end * 1_000; at = occurrences.from(at + 1)!) {
    found.push((at - midnight) / 1_000);
  }
  ticksRead.set(expression, found);
  return found;
}

/** Counts every second in which a run or a pass delivers. */
function countedShare(settings: Partial<StreamSettings>, sweepOffsetSeconds: number): number {
  const { schedule, timeout } = streamOf(settings);
  const ticks = ticksOf(schedule);
  const busy = new Uint8Array(end + day);
  let free = 0;
  for (const tick of tickSeconds(ticks.collect)) {
    if (tick < free) continue;
    free = tick + timeout - 8;
    busy.fill(1, tick, free);
  }
  for (const tick of tickSeconds(ticks.sweep)) {
    const begins = tick + sweepOffsetSeconds;
    busy.fill(1, begins, begins + Math.min(300, timeout) - 10);
  }
  return busy.subarray(settled, end).reduce((sum, second) => sum + second, 0) / (end - settled);
}

const everies = [
  '1 minute',
  '2 minutes',
  '4 minutes',
  '5 minutes',
  '10 minutes',
  '15 minutes',
  '1 hour',
  '2 hours',
];
const timeouts = [60, 90, 120, 180, 240, 299, 300, 480, 900];

describe.each(everies)('collected every %s', (every) => {
  test('the share is what one counts second by second, with the worst place of the sweep that may be', () => {
    for (const timeout of timeouts) {
      const settings = { every, timeout: `${timeout} seconds` };
      const isRate = ticksOf(streamOf(settings).schedule).sweep.startsWith('rate(');
      const counted = (isRate ? [0, 60, 120, 180, 240] : [0]).map((offset) => countedShare(settings, offset));
      expect([timeout, deliverableShare(streamOf(settings))]).toEqual([
        timeout,
        expect.closeTo(Math.min(...counted), 2),
      ]);
    }
  });
});

test('a timeout of 5 minutes or more fits 85 % of the quota, whatever the schedule', () => {
  const crons = ['0 6 ? * MON-FRI *', '0,7 * * * ? *', '0/3 8-18 * * ? *', '* * * * ? *'];
  for (const timeout of timeouts.filter((seconds) => seconds >= 300)) {
    for (const settings of [
      ...[...everies, '7 minutes', '7 hours', '7 days'].map((every) => ({ every })),
      ...crons.map((cron) => ({ cron, timeZone: 'Europe/Berlin' })),
    ]) {
      const share = deliverableShare(streamOf({ ...settings, timeout: `${timeout} seconds` }));
      expect(share, JSON.stringify([settings, timeout])).toBeGreaterThan(0.95);
    }
  }
});

test('a cron line counts by its longest gap', () => {
  const share = deliverableShare(streamOf({ cron: '0 6 ? * MON-FRI *', timeout: '1 minute' }));
  // Passes of 50 seconds every 5 minutes, and next to nothing besides.
  expect(share).toBeCloseTo(50 / 300, 2);
});

test('a short timeout is warned of, with the load that fits', () => {
  const quotas = [
    { name: 's3', quotaMiBPerSecond: 5 },
    { name: 'archive', quotaMiBPerSecond: 2 },
  ];
  expect(timeoutWarning(streamOf({ timeout: '2 minutes' }), quotas)).toBe(
    'stream one: with a timeout of 2 minutes runs and sweeps can use 74 % of the delivery quota, ' +
      'which is 3.7 MiB/s to s3 and 1.48 MiB/s to archive; what comes beyond that for long is never delivered whole. ' +
      "Give timeout: '5 minutes' or more.",
  );
  expect(timeoutWarning(streamOf({}), quotas)).toBeUndefined();
});

test('the synth says so of a stream, and nothing of its witness, which delivers nothing', () => {
  expect(warnings).toEqual([expect.stringContaining('stream one: with a timeout of 2 minutes')]);
});
