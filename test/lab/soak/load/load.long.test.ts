import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { simulateLoad } from '../../../../lab/soak/load/simulate-load.ts';
import { synthesize } from '../../../../local/run/synthesize.ts';

const silent = { write: () => true };
const context = {
  root: resolve(import.meta.dirname, '../../../..'),
  stdout: silent,
  stderr: silent,
  env: {},
  synthesize,
  signal: new AbortController().signal,
};

test('two hours at 70 % of the quota, every 5 minutes, level off at two destinations', {
  timeout: 3_600_000,
}, async () => {
  const { figures, problems } = await simulateLoad(
    {
      ...{ quotaMiBPerSecond: 0.25, destinations: 2, everyMinutes: 5, hours: 2, outageHours: 0 },
      load: { share: 0.7 },
    },
    context,
  );

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ levelsOff: true, missing: 0 });
  // An interval's events are 52.5 MiB of lines, and Firehose takes 75 MiB in that time.
  for (const each of figures.undeliveredMiB) {
    expect(each).toHaveLength(8);
    expect(Math.max(...each)).toBeLessThan(1.5 * 52.5);
  }
  for (const each of figures.oldestUndeliveredSeconds) expect(Math.max(...each)).toBeLessThanOrEqual(900);
  expect(figures.peakMb).toBeLessThan(200);
});

test('while one of two delivery streams refuses every call, the other one levels off, and the first drains afterwards', {
  timeout: 1_800_000,
}, async () => {
  const { figures, problems } = await simulateLoad(
    {
      ...{ quotaMiBPerSecond: 0.25, destinations: 2, everyMinutes: 5, hours: 1.5, outageHours: 0.5 },
      load: { rate: 20 },
    },
    context,
  );

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ levelsOff: true, missing: 0 });
  const [steady = [], refused = []] = figures.undeliveredMiB;
  // Half an hour of 20 events a second, and the interval before it.
  expect(Math.max(...refused)).toBeGreaterThan(36_000 / 1_024);
  expect(Math.max(...steady)).toBeLessThan(2 * (6_000 / 1_024) * 1.2);
});
