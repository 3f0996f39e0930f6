import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAskingPolicy } from '../../../../functions/collector/protocol/asking.ts';
import type { Asking } from '../../../../functions/stored/meta-item.ts';

const minute = 60_000;
const hour = 60 * minute;
const setting = 1_000;

interface Asked {
  readonly at: number;
  readonly batchSize: number;
  /** Events that the source took and could not answer in time; 0 where the answer came. */
  readonly lost: number;
}

interface Source {
  /** Events raised before each run, five minutes apart. */
  readonly raised: readonly number[];
  /** How many events it answers in time. */
  readonly inTime: (at: number) => number;
}

/** Runs as they use the policy: each asks until the source is empty, a minute is over, or an outcome is unknown. */
function ask({ raised, inTime }: Source): { readonly asked: readonly Asked[]; readonly left: number } {
  const asked: Asked[] = [];
  let stored: Asking | undefined;
  let cautious = false;
  let waiting = 0;
  for (const [run, events] of raised.entries()) {
    let at = run * 5 * minute;
    waiting += events;
    const policy = createAskingPolicy(stored, { setting, cautious });
    cautious = false;
    for (let collect = 0; collect < 100; collect++, at += 600) {
      const batchSize = policy.next(at);
      const given = Math.min(batchSize, waiting);
      waiting -= given;
      if (given > inTime(at)) {
        asked.push({ at, batchSize, lost: given });
        policy.failed(batchSize, at);
        cautious = true;
        break;
      }
      asked.push({ at, batchSize, lost: 0 });
      policy.answered(given);
      if (given === 0) break;
    }
    stored = policy.kept(at);
  }
  return { asked, left: waiting };
}

const lossesOf = (asked: readonly Asked[]): readonly Asked[] => asked.filter(({ lost }) => lost > 0);

test('nothing that has happened makes an ask larger than the setting, or than a ceiling within its hour', () => {
  const answered = fc.record({ events: fc.nat(1_000), afterMs: fc.nat(20 * minute) });
  const failed = fc.record({ events: fc.constant(undefined), afterMs: fc.nat(20 * minute) });
  const size = fc.integer({ min: 1, max: 1_000 });
  const kept = fc.option(
    fc.record({ batchSize: size, ceiling: fc.record({ batchSize: size, until: fc.nat(2 * hour) }) }),
    { nil: undefined },
  );
  fc.assert(
    fc.property(
      kept,
      size,
      fc.boolean(),
      fc.array(fc.oneof(answered, failed)),
      (stored, most, cautious, steps) => {
        const policy = createAskingPolicy(stored, { setting: most, cautious });
        let ceiling = stored?.ceiling;
        let now = 0;
        for (const { events, afterMs } of steps) {
          now += afterMs;
          const asked = policy.next(now);
          expect(asked).toBeGreaterThanOrEqual(1);
          expect(asked).toBeLessThanOrEqual(most);
          if (ceiling !== undefined && now < ceiling.until)
            expect(asked).toBeLessThanOrEqual(ceiling.batchSize);
          if (events !== undefined) policy.answered(Math.min(events, asked));
          else {
            policy.failed(asked, now);
            ceiling = { batchSize: Math.max(1, Math.floor(asked / 2)), until: now + hour };
          }
          const next = policy.kept(now);
          expect(createAskingPolicy(next, { setting: most, cautious: false }).next(now)).toBe(
            policy.next(now),
          );
        }
      },
    ),
  );
});

describe('of a source that comes to answer at most 50 events in time', () => {
  // Bursts with quiet runs between them, a steady load, and what is small enough to be answered.
  const raised = fc.array(
    fc.oneof(fc.constant(0), fc.nat(60), fc.nat(1_000), fc.integer({ min: 1_000, max: 5_000 })),
    { minLength: 12, maxLength: 100, size: 'max' },
  );

  test('1,100 events at most are lost on the way down, and then one batch an hour', () => {
    fc.assert(
      fc.property(raised, (events) => {
        const losses = lossesOf(ask({ raised: events, inTime: () => 50 }).asked);
        expect(losses.slice(0, 2).reduce((sum, { lost }) => sum + lost, 0)).toBeLessThanOrEqual(1_100);
        for (const [index, { at, lost }] of losses.entries()) {
          if (index < 2) continue;
          expect(at - losses[index - 1]!.at).toBeGreaterThanOrEqual(hour);
          expect(lost).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('everything else arrives', () => {
    const everyHour = Array.from({ length: 100 }, (_, run) => (run % 12 === 0 ? 3_000 : 0));
    const { asked, left } = ask({ raised: everyHour, inTime: () => 50 });

    expect(left).toBe(0);
    expect(lossesOf(asked).reduce((sum, { lost }) => sum + lost, 0)).toBeLessThanOrEqual(1_100 + 9 * 100);
  });
});

test('whatever a source answers in time, its ceiling comes down to that in two failures', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 999 }), (inTime) => {
      const raised = Array.from({ length: 12 }, () => 3_000);
      const losses = lossesOf(ask({ raised, inTime: () => inTime }).asked);
      expect(losses.length).toBeLessThanOrEqual(2);
      expect(losses.reduce((sum, { lost }) => sum + lost, 0)).toBeLessThanOrEqual(1_000 + 2 * inTime);
    }),
  );
});

test('within two hours of being well again a source that has them is asked for full batches', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 60 }), (inTime, illRuns) => {
      const wellAt = illRuns * 5 * minute;
      const { asked } = ask({
        raised: Array.from({ length: illRuns + 24 }, () => 3_000),
        inTime: (at) => (at < wellAt ? inTime : setting),
      });
      const full = asked.find(({ at, batchSize }) => at >= wellAt && batchSize === setting);
      expect(full!.at - wellAt).toBeLessThanOrEqual(2 * hour);
    }),
  );
});

test('a cautious run begins with ten, and doubles what comes', () => {
  const policy = createAskingPolicy(undefined, { setting, cautious: true });
  const asks: number[] = [];
  for (let answer = 0; answer < 8; answer++) {
    asks.push(policy.next(0));
    policy.answered(policy.next(0));
  }

  expect(asks).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000]);
});

test('short and empty answers shrink nothing', () => {
  const policy = createAskingPolicy(undefined, { setting, cautious: false });
  for (const events of [0, 0, 3, 0, 1]) policy.answered(events);

  expect(policy.next(0)).toBe(setting);
  expect(policy.kept(0)).toBeUndefined();
});

test('a ceiling that has passed is not kept', () => {
  const policy = createAskingPolicy(undefined, { setting, cautious: false });
  policy.failed(setting, 0);

  expect(policy.kept(hour - 1)).toEqual({ batchSize: 500, ceiling: { batchSize: 500, until: hour } });
  expect(policy.kept(hour)).toEqual({ batchSize: 500 });
});
