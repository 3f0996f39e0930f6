import { describe, expect, test } from 'vitest';
import type { LoadRow } from '../../../../lab/soak/load/load-row.ts';
import {
  drainAllowance,
  drainMs,
  drainsFromMs,
  hourlyHighs,
  type LoadSeen,
  levelsOff,
  problemsOf,
} from '../../../../lab/soak/load/load-verdict.ts';

const mib = 1024 * 1024;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const row: LoadRow = {
  ...{ rate: 100, quotaMiBPerSecond: 0.25, destinations: 2, everyMinutes: 5, hours: 3, outageHours: 0 },
};
const flat = (bytes: number): number[] => new Array(12).fill(bytes);
const seen = (changed: Partial<LoadSeen> = {}): LoadSeen => ({
  row,
  undeliveredBytes: [flat(40 * mib), flat(40 * mib)],
  oldestMs: [flat(5 * minuteMs), flat(5 * minuteMs)],
  timeoutMs: 5 * minuteMs,
  draining: [undefined, undefined],
  ...changed,
});

describe('a load levels off', () => {
  test('when no later hour is higher than 1.1 times the first', () => {
    expect(levelsOff([10, 20, 100, 10, 110, 1, 1, 1, 1, 1, 1, 110])).toBe(true);
    expect(levelsOff([10, 20, 100, 10, 111, 1, 1, 1])).toBe(false);
    expect(levelsOff([10, 20, 100, 10, 1, 1, 1, 1, 1, 1, 1, 111])).toBe(false);
  });

  test('also when the figures of one hour alone are there, or of a part of the last', () => {
    expect(levelsOff([1, 2, 3, 4])).toBe(true);
    expect(hourlyHighs([1, 2, 3, 4, 9, 8])).toEqual([4, 9]);
  });
});

describe('what a backlog needs beside its load', () => {
  const rates = { quotaPerSecond: mib, loadPerSecond: mib / 2, loadEndsInMs: 3 * hourMs };

  test('is what the quota leaves', () => {
    expect(drainMs(1_800 * mib, rates)).toBe(hourMs);
    expect(drainMs(0, rates)).toBe(0);
  });

  test('is the whole quota once the load is over', () => {
    expect(drainMs(1_800 * mib, { ...rates, loadEndsInMs: hourMs / 2 })).toBe(hourMs / 2 + 900_000);
    expect(drainMs(900 * mib, { ...rates, loadPerSecond: 2 * mib })).toBe(3 * hourMs + 900_000);
  });

  test('may take 1.3 times that after an outage, and an interval more after a burst', () => {
    const outage = { ...row, outageHours: 1 };
    const burst = { ...row, burst: { minutes: 20, rateAfter: 1 } };

    expect([drainsFromMs(row), drainsFromMs(outage), drainsFromMs(burst)]).toEqual([
      undefined,
      1.5 * hourMs,
      20 * minuteMs,
    ]);
    expect(drainAllowance(outage, 1_000)).toBe(1_300);
    expect(drainAllowance(burst, 1_000)).toBe(1_000 + 5 * minuteMs);
  });
});

describe('a row', () => {
  test('holds when every destination levels off and has nothing old', () => {
    expect(problemsOf(seen())).toEqual([]);
  });

  test('does not hold when one destination grows, and says how', () => {
    const growing = [40, 40, 40, 40, 60, 70, 80, 90, 91, 92, 93, 94].map((each) => each * mib);

    expect(problemsOf(seen({ undeliveredBytes: [flat(40 * mib), growing] }))).toEqual([
      'destination 2 does not level off: 40.0, 90.0, 94.0 MiB at most in each hour',
    ]);
  });

  test('does not hold when a batch is older than two intervals and the timeout', () => {
    const at = (ms: number) => [flat(0).with(7, ms), flat(0)];

    expect(problemsOf(seen({ oldestMs: at(900_000) }))).toEqual([]);
    expect(problemsOf(seen({ oldestMs: at(901_000) }))).toEqual([
      'destination 1 had a batch of 901 s, and 900 s are allowed',
    ]);
  });

  test('asks only one thing of a refused destination: that it drains in time', () => {
    const refused = { undeliveredBytes: [flat(1), [1, 2, 3, 4, 5, 6]], oldestMs: [flat(1), flat(hourMs)] };
    const draining = (tookMs: number | undefined) => [undefined, { allowedMs: 60_000, tookMs }];

    expect(problemsOf(seen({ ...refused, draining: draining(60_000) }))).toEqual([]);
    expect(problemsOf(seen({ ...refused, draining: draining(61_000) }))).toEqual([
      'destination 2 drained in 61 s, and 60 s were allowed',
    ]);
    expect(problemsOf(seen({ ...refused, draining: draining(undefined) }))).toEqual([
      'destination 2 did not drain, and 60 s were allowed',
    ]);
  });
});
