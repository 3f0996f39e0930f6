import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { simulateBacklog } from '../../../lab/soak/simulate-backlog.ts';
import { simulateDay } from '../../../lab/soak/simulate-day.ts';
import type { SoakResult } from '../../../lab/soak/soak-part.ts';
import { synthesize } from '../../../local/run/synthesize.ts';

const silent = { write: () => true };
const context = {
  root: resolve(import.meta.dirname, '../../..'),
  stdout: silent,
  stderr: silent,
  env: {},
  synthesize,
  signal: new AbortController().signal,
};

function expectWhole(result: SoakResult, events: number): void {
  const { compared, sound } = result;
  expect(compared).toMatchObject({
    generated: events,
    delivered: events,
    missing: 0,
    altered: 0,
    foreign: 0,
  });
  expect(compared.journalEqual).toBe(true);
  expect(sound).toBe(true);
  // Of the 512 MB that a collector has by default.
  expect(result.maxRssMb).toBeLessThan(300);
  // In the day each stream has 576 invocations: a quarter of a megabyte that one leaves behind would show.
  expect(result.lateRssMb).toBeGreaterThan(0);
  expect(result.lateRssMb).toBeLessThan(result.earlyRssMb * 1.5);
}

test('a day of 200,000 events with faults arrives whole, and memory stays flat', {
  timeout: 1_800_000,
}, async () => {
  const result = await simulateDay({ events: 200_000, seed: 1, context });

  expectWhole(result, 200_000);
  expect(result.faults).toMatchObject({ 'Mosaic away': expect.any(Number), 'S3 outage': 4 });
});

test('a backlog of 200,000 events against a quota arrives whole, and memory stays flat', {
  timeout: 900_000,
}, async () => {
  expectWhole(await simulateBacklog({ events: 200_000, seed: 1, context }), 200_000);
});
