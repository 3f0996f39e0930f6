import { expect, test } from 'vitest';
import { answersOfRun, type PolledStream, type RunAnswers } from '../../../cli/advise/answers-of-run.ts';
import { createCaughtUp } from '../../../functions/collector/protocol/caught-up.ts';

const usual: Omit<PolledStream, 'eventsPerSecond'> = {
  everySeconds: 300,
  batchSize: 1_000,
  fullMs: 198,
  shortMs: 182,
  emptyMs: 150,
  mostMs: 202_000,
};

const cases: readonly (readonly [string, Partial<PolledStream>])[] = [
  ...[0.003, 0.02, 0.1, 0.3, 0.5, 1, 3, 8, 15, 20, 50, 100, 300].map(
    (eventsPerSecond) => [`${eventsPerSecond} events/s`, { eventsPerSecond }] as const,
  ),
  ['1,000 events/s every minute', { eventsPerSecond: 1_000, everySeconds: 60 }],
  ['8 events/s every minute', { eventsPerSecond: 8, everySeconds: 60 }],
  ['20 events/s every 15 minutes', { eventsPerSecond: 20, everySeconds: 900 }],
  ['20 events/s, 100 at a time', { eventsPerSecond: 20, batchSize: 100 }],
  ['5 events/s, 10 at a time', { eventsPerSecond: 5, batchSize: 10 }],
  ['20 events/s, 10 at a time', { eventsPerSecond: 20, batchSize: 10, everySeconds: 60 }],
  ['8 events/s, slow answers', { eventsPerSecond: 8, fullMs: 2_100, shortMs: 2_030, emptyMs: 2_000 }],
];

test.each(cases)(
  '%s: the reckoning is what the collector does with events that come at random',
  (_, changes) => {
    const stream: PolledStream = { eventsPerSecond: 1, ...usual, ...changes };
    const reckoned = answersOfRun(stream);
    // Many runs of few events, or few runs of many.
    const runs = Math.min(
      1_500,
      Math.max(40, Math.round(2e6 / (stream.eventsPerSecond * stream.everySeconds))),
    );
    const played = play(stream, runs);
    // In the mean, to a twentieth or a twentieth of an answer.
    expect(Math.abs(reckoned.withEvents - played.withEvents)).toBeLessThan(0.05 + 0.05 * played.withEvents);
    expect(Math.abs(reckoned.empty - played.empty)).toBeLessThan(0.1 + 0.05 * played.empty);
    expect(Math.abs(reckoned.ms - played.ms)).toBeLessThan(40 + 0.05 * played.ms);
  },
);

test('a stream whose answers are all long is read until its run is out of time', () => {
  const { ms } = answersOfRun({ ...usual, eventsPerSecond: 4_000 });
  expect(ms).toBeGreaterThan(usual.mostMs);
});

/** So many runs, one after the other, with the collector's own rule for ending. */
function play(stream: PolledStream, runs: number): Omit<RunAnswers, 'lastEvents'> {
  const random = randomFrom(7);
  const { eventsPerSecond, everySeconds, batchSize, fullMs, shortMs, emptyMs, mostMs } = stream;
  const gap = () => (-Math.log(1 - random()) / eventsPerSecond) * 1_000;
  let waiting: number[] = [];
  let head = 0;
  let nextAt = gap();
  let [withEvents, empty, total] = [0, 0, 0];
  for (let run = 1; run <= runs; run++) {
    const startedAt = run * everySeconds * 1_000;
    const caughtUp = createCaughtUp({ startedAt, intervalMs: everySeconds * 1_000 });
    let now = startedAt;
    let emptyInARow = 0;
    while (now - startedAt < mostMs) {
      // Mosaic takes what there is when it answers.
      now += emptyMs;
      for (; nextAt <= now; nextAt += gap()) waiting.push(nextAt);
      const taken = waiting.slice(head, head + batchSize);
      head += taken.length;
      if (head === waiting.length) [waiting, head] = [[], 0];
      const counts = run > runs / 50;
      if (counts && taken.length === 0) empty += 1;
      if (counts && taken.length > 0) withEvents += 1;
      if (taken.length > 0) now += (taken.length === batchSize ? fullMs : shortMs) - emptyMs;
      emptyInARow = taken.length === 0 ? emptyInARow + 1 : 0;
      const times = {
        oldest: taken[0],
        median: taken[taken.length >> 1],
        newest: taken.at(-1),
        unreadable: 0,
      };
      const next =
        emptyInARow >= 2 ||
        caughtUp.answered({ asked: batchSize, events: taken.length, times, now, tookMs: emptyMs });
      if (next === true) break;
      now += next;
    }
    if (run > runs / 50) total += now - startedAt;
  }
  const counted = runs - Math.floor(runs / 50);
  return { withEvents: withEvents / counted, empty: empty / counted, ms: total / counted };
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
