import { createRandom } from '@mosaic-relay/mosaic-simulator';
import { describe, expect, test } from 'vitest';
import { atRandom, type RaisedEvents, raiseEvents, steadily } from './raised-events.ts';
import { relayUnderTest, upTo } from './relay-under-test.ts';
import { tick } from './ticks.ts';

const minute = 60_000;
const intervalMs = 5 * minute;

/** Three runs of a stream whose events are raised at random, and were before the first run began. */
async function threeRuns(perSecond: number, source: Omit<RaisedEvents, 'raisedAt'> = {}) {
  const relay = relayUnderTest([]);
  const from = relay.clock.now() - intervalMs;
  const random = createRandom('trickle', perSecond).next;
  const raisedAt = atRandom(perSecond, { from, durationMs: 4 * intervalMs, random });
  raiseEvents(relay, { raisedAt, ...source });

  const { runs } = await tick(relay, { durationMs: 2 * intervalMs + 1 });

  const records = runs.flatMap((run) => (run.kind === 'ended' ? [run.record] : []));
  expect(records).toHaveLength(3);
  const events = relay.delivered('s3');
  expect(events).toEqual(upTo(events.length));
  return {
    records,
    objectsBeyondFull: Math.max(...records.map((run) => run.batches - run.events / 1_000)),
    busySeconds: Math.max(...records.map((run) => (run.endedAt - run.startedAt) / 1_000)),
    /** Of what could be collected when the last run began. */
    left:
      raisedAt.filter((at) => at + (source.publishedAfterMs ?? 0) <= records[2]!.startedAt).length -
      events.length,
  };
}

describe('a run of a steady stream ends when what comes is raised while it runs', () => {
  test.each([1, 8, 20, 100])('at %i events a second', async (perSecond) => {
    const { objectsBeyondFull, busySeconds, left } = await threeRuns(perSecond);

    expect(objectsBeyondFull).toBeLessThanOrEqual(8);
    expect(busySeconds).toBeLessThan(perSecond === 100 ? 20 : 10);
    expect(left).toBeLessThanOrEqual(0);
  });
});

describe('where timestamps cannot tell what is new, a run ends a few answers and pauses later', () => {
  const sources = {
    'published two minutes late': { publishedAfterMs: 2 * minute },
    'published a whole interval late': { publishedAfterMs: intervalMs },
    'without a timestamp': { text: (n: number) => `{"n":${n}}` },
    'with a timestamp that tells no time': { text: (n: number) => `{"n":${n},"timestamp":"just now"}` },
  };
  const cases = Object.keys(sources).flatMap((which) =>
    [1, 8, 20].map((perSecond) => ({ which, perSecond })),
  );

  test.each(cases)('$which, at $perSecond events a second', async ({ which, perSecond }) => {
    const { objectsBeyondFull, busySeconds, left } = await threeRuns(
      perSecond,
      sources[which as keyof typeof sources],
    );

    expect(objectsBeyondFull).toBeLessThanOrEqual(12);
    expect(busySeconds).toBeLessThan(45);
    expect(left).toBeLessThanOrEqual(0);
  });
});

test('every minute, with events that are published two minutes late, a run ends as soon', async () => {
  const everyMs = minute;
  const relay = relayUnderTest([]);
  const raisedAt = steadily(20, relay.clock.now() - everyMs - 2 * minute, 10 * minute);
  raiseEvents(relay, { raisedAt, publishedAfterMs: 2 * minute });

  const { runs } = await tick(relay, { durationMs: 5 * everyMs, everyMs });

  expect(runs).toHaveLength(5);
  for (const run of runs) {
    const { batches, events, startedAt, endedAt } = run.kind === 'ended' ? run.record : expect.unreachable();
    expect(batches - events / 1_000).toBeLessThanOrEqual(12);
    expect(endedAt - startedAt).toBeLessThan(15_000);
  }
});

test('asked for little at a time, a stream without timestamps costs twelve objects beyond its full ones', async () => {
  const relay = relayUnderTest([]);
  const raisedAt = steadily(20, relay.clock.now() - intervalMs, 4 * intervalMs);
  raiseEvents(relay, { raisedAt, text: (n) => `{"n":${n}}` });

  const { runs } = await tick(relay, { durationMs: 2 * intervalMs + 1, batchSize: 100 });

  for (const run of runs) {
    const { batches, events } = run.kind === 'ended' ? run.record : expect.unreachable();
    expect(batches - events / 100).toBeLessThanOrEqual(12);
  }
});

describe('a source whose answers hold a few events of many is read up to the present', () => {
  const { next: random } = createRandom('small answers', 1);
  const upToEighty = (): number => 1 + Math.floor(random() * 80);
  test.each([
    ['every 5 minutes, 50 at most', { perSecond: 5, everyMs: intervalMs, most: () => 50 }],
    ['every 15 minutes, 90 at most', { perSecond: 5, everyMs: 3 * intervalMs, most: () => 90 }],
    ['every hour, 50 at most', { perSecond: 2, everyMs: 12 * intervalMs, most: () => 50 }],
    ['every 12 hours, 50 at most', { perSecond: 0.2, everyMs: 144 * intervalMs, most: () => 50 }],
    ['every 5 minutes, up to 80 at random', { perSecond: 5, everyMs: intervalMs, most: upToEighty }],
    [
      'without timestamps',
      { perSecond: 5, everyMs: intervalMs, most: () => 50, text: (n: number) => `{"n":${n}}` },
    ],
    [
      'dated three hours ahead',
      {
        perSecond: 10,
        everyMs: intervalMs,
        most: () => 400,
        text: (n: number, at: number) =>
          `{"n":${n},"timestamp":"${new Date(at + 36 * intervalMs).toISOString()}"}`,
      },
    ],
  ])('%s', async (_, { perSecond, everyMs, most, ...changes }) => {
    const relay = relayUnderTest([]);
    const startedAt = relay.clock.now();
    const raisedAt = steadily(perSecond, startedAt - everyMs, 8 * everyMs);
    const { given } = raiseEvents(relay, {
      raisedAt,
      answers: (asked, waiting) => Math.min(most(), asked, waiting),
      ...changes,
    });
    const left: number[] = [];

    await tick(relay, {
      durationMs: 7 * everyMs,
      everyMs,
      // When a run has just ended, and the next one is far.
      look: { everyMs: everyMs / 2, at: () => left.push(waitingIn(raisedAt, relay.clock.now()) - given()) },
    });

    // By design a run may leave what was raised in the minute before it began.
    const mayWait = perSecond * (everyMs / 2_000 + 60);
    expect(Math.max(...left.filter((_, index) => index % 2 === 0))).toBeLessThanOrEqual(mayWait);
  });
});

const waitingIn = (raisedAt: readonly number[], now: number): number =>
  raisedAt.findLastIndex((at) => at <= now) + 1;

describe('a source that always answers short while it has a backlog of older events is read on', () => {
  const backlogOf = (ageMs: number) => {
    const relay = relayUnderTest([]);
    const raisedAt = Array.from({ length: 5_000 }, (_, n) => relay.clock.now() - ageMs + n);
    return { relay, raisedAt };
  };

  test('until it has nothing left', async () => {
    const { relay, raisedAt } = backlogOf(3_600_000);
    raiseEvents(relay, { raisedAt, answers: (_, waiting) => Math.min(40, waiting) });

    await relay.run({ batchSize: 1_000 });

    expect(relay.delivered('s3')).toEqual(upTo(5_000));
  });

  test('until the deadline, where it has more than a run can read', async () => {
    const { relay, raisedAt } = backlogOf(3_600_000);
    raiseEvents(relay, { raisedAt, answerMs: () => 2_000, answers: (_, waiting) => Math.min(40, waiting) });

    const report = await relay.run({ batchSize: 1_000 });

    expect(report).toMatchObject({ record: { outcome: 'out-of-time' } });
    expect(relay.delivered('s3').length).toBeGreaterThan(3_900);
  });

  test('also where its answers come in no order, and are of any size', async () => {
    const { relay, raisedAt } = backlogOf(3_600_000);
    const random = createRandom('no order', 1).next;
    const shuffled = raisedAt.toSorted(() => random() - 0.5);
    const text = (n: number) => `{"n":${n},"timestamp":"${new Date(shuffled[n]!).toISOString()}"}`;
    raiseEvents(relay, {
      raisedAt,
      text,
      answers: (_, waiting) => Math.ceil(random() * Math.min(99, waiting)),
    });

    await relay.run({ batchSize: 1_000 });

    expect(relay.delivered('s3')).toEqual(upTo(5_000));
  });

  test('also where one event of each answer is new', async () => {
    const { relay, raisedAt } = backlogOf(3_600_000);
    const text = (n: number, at: number) =>
      `{"n":${n},"timestamp":"${new Date(n % 40 === 0 ? relay.clock.now() : at).toISOString()}"}`;
    raiseEvents(relay, { raisedAt, text, answers: (_, waiting) => Math.min(400, waiting) });

    await relay.run({ batchSize: 1_000 });

    expect(relay.delivered('s3')).toEqual(upTo(5_000));
  });
});
