import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { createTopic } from '../topic.ts';
import { startedAt, startMosaic, textsOf } from './start.ts';

const hourMs = 3_600_000;

/** The moments of an hour of events, looked at every `stepMs`. */
function momentsOf(eventsPerSecond: number, { seed = 1, stepMs = hourMs } = {}): readonly number[] {
  let now = startedAt;
  const topic = createTopic(() => now);
  topic.trickle({ eventsPerSecond, until: startedAt + hourMs, random: createRandom('test', seed) });
  for (; now < startedAt + hourMs; now += stepMs) topic.raisedBy(now);
  now = startedAt + 2 * hourMs;
  return Array.from({ length: topic.length }, (_, index) => topic.raisedAt(index));
}

describe('a trickle', () => {
  test.each([1, 20, 1_000])('of %s a second raises so many, in the end and in between', (rate) => {
    const moments = momentsOf(rate);
    const spread = 5 * Math.sqrt(rate * 3_600);
    expect(Math.abs(moments.length - rate * 3_600)).toBeLessThan(spread);
    const firstHalf = moments.filter((moment) => moment < startedAt + hourMs / 2).length;
    expect(Math.abs(firstHalf - rate * 1_800)).toBeLessThan(spread);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments.at(-1)).toBeLessThanOrEqual(startedAt + hourMs);
  });

  test('comes at random: gaps are spread as widely as they are long', () => {
    const moments = momentsOf(20);
    const gaps = moments.slice(1).map((moment, place) => moment - moments[place]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(50, -1);
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.05);
  });

  test('is the same however often one looks, and another one by another seed', () => {
    expect(momentsOf(5, { stepMs: 10 })).toEqual(momentsOf(5));
    expect(momentsOf(5, { seed: 2 })).not.toEqual(momentsOf(5));
  });

  test('goes on beside events that are raised at once', () => {
    let now = startedAt;
    const topic = createTopic(() => now);
    topic.trickle({ eventsPerSecond: 1, until: startedAt + 100_000, random: createRandom('test') });
    now += 50_000;
    const before = topic.length;
    topic.raise(10, { now, overPastMs: 0 });
    now += 50_000;
    expect(before).toBeGreaterThan(20);
    expect(topic.length).toBeGreaterThan(before + 10 + 20);
    expect(
      [before - 1, before, before + 9, before + 10].map((index) => topic.raisedAt(index) - startedAt),
    ).toEqual([expect.closeTo(48_000, -4), 50_000, 50_000, expect.closeTo(52_000, -4)]);
    expect(topic.raisedBy(startedAt + 50_000)).toBe(before + 10);
    expect(topic.raisedBy(startedAt - 1)).toBe(0);
    expect(topic.raisedBy(now)).toBe(topic.length);
  });

  test('is one at a time', () => {
    const topic = createTopic(() => startedAt);
    const trickle = { eventsPerSecond: 1, until: startedAt + 1000, random: createRandom('test') };
    topic.trickle(trickle);
    expect(() => topic.trickle(trickle)).toThrow('trickle already');
  });
});

test('each collect sees the events that came since the last one, timestamps and all', async () => {
  const { simulator, open, read, pass } = await startMosaic();
  await open('cis', 'a');
  simulator.trickle('cis', { eventsPerSecond: 10, forMs: 60_000 });
  expect(await read('cis', 'a')).toEqual([]);
  const seen: string[] = [];
  for (let second = 1; second <= 60; second += 1) {
    pass(1_000);
    const texts = await read('cis', 'a');
    for (const text of texts) {
      const age = startedAt + second * 1_000 - Date.parse(JSON.parse(text).timestamp);
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(1_000);
    }
    seen.push(...texts);
  }
  expect(seen).toEqual(textsOf(simulator.generated('a')));
  expect(simulator.generatedCount('a')).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(500);
  pass(60_000);
  expect(await read('cis', 'a')).toEqual([]);
});

test('the oldest wait is that of an event from its raising to its answer, or until now', async () => {
  const { simulator, open, read, pass } = await startMosaic({ switches: ['published-late'] });
  await open('cis', 'a');
  expect(simulator.oldestWaitMs('a')).toBe(0);
  simulator.generate('cis', 3);
  pass(40_000);
  await read('cis', 'a', 2);
  pass(10_000);
  expect(simulator.oldestWaitMs('a')).toBe(50_000);
  await read('cis', 'a');
  simulator.generate('cis', 1);
  pass(20_000);
  expect(simulator.oldestWaitMs('a')).toBe(50_000);
});
