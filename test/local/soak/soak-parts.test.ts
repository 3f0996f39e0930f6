import { expect, test } from 'vitest';
import { raisedBy } from '../../../local/soak/day-pattern.ts';
import { createFingerprint } from '../../../local/soak/fingerprint.ts';
import { plotSoak } from '../../../local/soak/plot.ts';

test('a day raises all of its events, never takes one back, and most of them in the afternoon', () => {
  const day = { parts: 24, total: 1_000_000, startHour: 8 };
  const hours = Array.from({ length: 25 }, (_, part) => raisedBy(part, day));
  const rates = hours.slice(1).map((upTo, hour) => upTo - hours[hour]!);

  expect([hours[0], hours[24]]).toEqual([0, 1_000_000]);
  expect(Math.min(...rates)).toBeGreaterThan(0);
  const hourOf = (rate: number): number => (rates.indexOf(rate) + 8) % 24;
  expect([13, 14]).toContain(hourOf(Math.max(...rates)));
  expect([1, 2]).toContain(hourOf(Math.min(...rates)));
});

test('fingerprints of the same ids agree in any order, and of none, one twice or another do not', () => {
  const ids = ['00000001000000020000000300000004', 'ffffffffffffffffffffffffffffffff', 'a'.repeat(32)];
  const of = (list: readonly string[]) => {
    const fingerprint = createFingerprint();
    for (const id of list) fingerprint.add(id);
    return fingerprint;
  };

  expect(of(ids).equals(of(ids.toReversed()))).toBe(true);
  for (const other of [ids.slice(1), [...ids, ids[0]!], [...ids.slice(1), 'b'.repeat(32)]])
    expect(of(ids).equals(of(other))).toBe(false);
});

test('the plot holds a line of memory and one of lag for each part', () => {
  const points = Array.from({ length: 1000 }, (_, n) => ({ at: n / 100, value: n }));
  const compared = {
    ...{ generated: 1, delivered: 1, missing: 0, duplicates: 0, foreign: 0, altered: 0, journalEqual: true },
  };
  const result = {
    ...{ name: 'day', seed: 1, sound: true, seconds: 1, compared, faults: {}, memory: points, lag: points },
    ...{ maxRssMb: 1, earlyRssMb: 1, lateRssMb: 1, maxLagSeconds: 1 },
  };

  const svg = plotSoak([result, { ...result, name: 'backlog' }]);

  expect(svg.match(/<polyline points="[\d., ]+"/g)).toHaveLength(4);
  expect(svg).toContain('backlog: memory');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
