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

test('a quarter of an hour of a light load is delivered, and its figures add up', {
  timeout: 180_000,
}, async () => {
  const row = { quotaMiBPerSecond: 0.25, destinations: 2, everyMinutes: 5, hours: 0.25, outageHours: 0 };
  const { figures, problems } = await simulateLoad({ ...row, load: { rate: 2 } }, context);

  expect(problems).toEqual([]);
  const { undeliveredMiB, oldestUndeliveredSeconds, ...rest } = figures;
  expect(rest).toMatchObject({
    ...{ rate: 2, quotaMiBPerSecond: 0.25, destinations: 2, everyMinutes: 5, hours: 0.25 },
    ...{ missing: 0, duplicates: 0, levelsOff: true },
  });
  // Two events a second for five minutes, of about 1.1 KB with their lines.
  for (const each of undeliveredMiB) expect(each).toEqual([expect.closeTo(0.65, 0)]);
  for (const each of oldestUndeliveredSeconds) expect(each).toEqual([expect.any(Number)]);
  expect(figures.journalObjects).toBeGreaterThanOrEqual(3);
  expect(figures.busySeconds).toBeGreaterThan(0);
  expect(figures.peakMb).toBeGreaterThan(50);
});
