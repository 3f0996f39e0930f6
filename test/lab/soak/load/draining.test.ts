import { beforeEach, expect, test } from 'vitest';
import { watchDraining } from '../../../../lab/soak/load/draining.ts';
import type { LoadRow } from '../../../../lab/soak/load/load-row.ts';
import type { Sample } from '../../../../lab/soak/load/undelivered.ts';

const minuteMs = 60_000;
const mib = 1024 * 1024;
/** Half of what the quota takes, with lines of 1 KiB. */
const row: LoadRow = {
  ...{ rate: 512, quotaMiBPerSecond: 1, destinations: 3, everyMinutes: 5, hours: 3, outageHours: 1 },
};
const lines = { of: () => 1_024, upTo: (count: number) => 1_024 * count, mean: 1_024 };
const nothing: Sample = { bytes: 0, oldestMs: 0 };
let elapsedMs: number;
let samples: Sample[];

beforeEach(() => {
  samples = [nothing, nothing, nothing];
});

const watch = (watched: LoadRow) =>
  watchDraining({
    row: watched,
    lines,
    undelivered: { now: (destination) => samples[destination]! },
    timeoutMs: 5 * minuteMs,
    elapsedMs: () => elapsedMs,
    usualBytes: () => 100 * mib,
  });

test('after an outage the refused destination drains at the rest of the quota, within a third more time', () => {
  const { drainings, begin, look } = watch(row);
  elapsedMs = 90 * minuteMs;
  samples[2] = { bytes: 1_800 * mib, oldestMs: 60 * minuteMs };
  begin();

  expect(drainings).toEqual([undefined, undefined, { allowedMs: 78 * minuteMs, tookMs: undefined }]);

  elapsedMs = 100 * minuteMs;
  for (const notYet of [
    { bytes: 111 * mib, oldestMs: 0 },
    { bytes: 0, oldestMs: 16 * minuteMs },
  ]) {
    samples[2] = notYet;
    look(2);
    expect(drainings[2]?.tookMs).toBeUndefined();
  }

  samples[2] = { bytes: 110 * mib, oldestMs: 15 * minuteMs };
  look(2);
  look(1);
  elapsedMs = 110 * minuteMs;
  look(2);
  expect(drainings[2]?.tookMs).toBe(10 * minuteMs);
  expect(drainings[1]).toBeUndefined();
});

test('after a burst every destination drains: only events that were raised since wait, and these in Mosaic', () => {
  const { drainings, begin, look } = watch({
    ...row,
    ...{ destinations: 2, outageHours: 0, rate: 700, burst: { minutes: 20, rateAfter: 10 } },
  });
  elapsedMs = 20 * minuteMs;
  samples = [nothing, { bytes: 1_014 * 600 * 1_024, oldestMs: 1 }];
  begin();

  // 600 s of what the quota leaves beside ten events a second, and an interval.
  expect(drainings[1]?.allowedMs).toBe(600_000 + 5 * minuteMs);
  expect(drainings[0]?.allowedMs).toBe(5 * minuteMs);

  elapsedMs += minuteMs;
  samples[1] = { bytes: 601 * 1_024, oldestMs: 0 };
  look(1);
  samples[1] = { bytes: 600 * 1_024, oldestMs: 1 };
  look(1);
  expect(drainings[1]?.tookMs).toBeUndefined();

  samples[1] = { bytes: 600 * 1_024, oldestMs: 0 };
  look(1);
  expect(drainings[1]?.tookMs).toBe(minuteMs);
});
