import { expect, test } from 'vitest';
import { raisedBy } from '../../../lab/soak/day-pattern.ts';
import { plotSoak } from '../../../lab/soak/plot.ts';
import { createSoakProgress } from '../../../lab/soak/soak-progress.ts';

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

test('the plot holds a line of memory and one of lag for each part', () => {
  const points = Array.from({ length: 1000 }, (_, n) => ({ at: n / 100, value: n }));
  const compared = {
    ...{ generated: 1, delivered: 1, missing: 0, duplicates: 0, foreign: 0, altered: 0, journalEqual: true },
  };
  const result = {
    ...{ name: 'day', seed: 1, sound: true, seconds: 1, compared, faults: {}, memory: points, lag: points },
    ...{ invocations: 1, maxRssMb: 1, earlyRssMb: 1, lateRssMb: 1, maxLagSeconds: 1 },
  };

  const svg = plotSoak([result, { ...result, name: 'backlog' }]);

  expect(svg.match(/<polyline points="[\d., ]+"/g)).toHaveLength(4);
  expect(svg).toContain('backlog: memory');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('away from a terminal a line every ten seconds gives progress, speed and time left', () => {
  const lines: string[] = [];
  let ms = 0;
  const output = { write: (text: string) => lines.push(text) > 0 };
  const progress = createSoakProgress(output, { name: 'day', events: 1_000_000, now: () => ms });

  for (ms = 1_000; ms <= 30_000; ms += 1_000)
    progress.update({ collected: 5 * ms, delivered: 4 * ms, compared: 3 * ms, hours: ms / 10_000 });
  progress.stop();

  expect(lines).toHaveLength(3);
  expect(lines[1]).toBe(
    'day: 55,000 collected, 44,000 delivered, 33,000 compared of 1,000,000; ' +
      'hour 1.1; 4,000 events/s, 11 s so far, about 4 min left\n',
  );
});
