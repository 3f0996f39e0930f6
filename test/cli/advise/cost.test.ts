import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dollarsPerMillion, monthlyCost } from '../../../cli/advise/cost.ts';
import { gigabyte, prices, secondsPerMonth } from '../../../cli/advise/prices.ts';
import { ceilings, freshness, recommend } from '../../../cli/advise/recommend.ts';
import {
  type Load,
  type Plan,
  relayLineBytes,
  shapeOfRun,
  usualTiming,
} from '../../../cli/advise/workload.ts';

const s3 = {
  packing: 'lines',
  compressed: false,
  lineOverheadBytes: relayLineBytes,
  leavesAws: false,
} as const;
const plan: Plan = { everySeconds: 300, batchSize: 1_000, memoryMb: 512, destinations: [s3] };
const load: Load = { eventsPerSecond: 100, eventBytes: 1_024 };

test("Firehose's part of a packed S3 stream is its bytes, a hundredth for rounding, and half a step a batch", () => {
  const { firehose } = monthlyCost(load, plan, usualTiming);
  const events = 100 * secondsPerMonth;
  const bytes = events * (1_024 + relayLineBytes) * 1.01 + (events / 1_000) * 2_560;

  expect(firehose).toBeCloseTo((bytes / gigabyte) * prices.firehosePerGb, 6);
});

test('one event a record is billed in steps of 5 KB', () => {
  const single = { ...plan, destinations: [{ ...s3, packing: 'single' as const }] };
  const { firehose } = monthlyCost(load, single, usualTiming);

  expect(firehose).toBeCloseTo(((100 * secondsPerMonth * 5_120) / gigabyte) * prices.firehosePerGb, 6);
});

test('the total is its six parts, and nothing that stands apart is in it', () => {
  const cost = monthlyCost(load, plan, usualTiming);
  const { firehose, lambda, dynamoDb, scheduler, logs, journalRequests, total } = cost;

  expect(firehose + lambda + dynamoDb + scheduler + logs + journalRequests).toBeCloseTo(total, 10);
  expect(Object.keys(cost.apart)).toEqual(['journalStorage', 'kmsKey', 'metrics', 'egress']);
});

test('a million events grow cheaper the more there are', () => {
  const at = (eventsPerSecond: number) => dollarsPerMillion({ ...load, eventsPerSecond }, plan, usualTiming);

  const costs = [1, 10, 100, 1_000].map(at);
  expect(costs).toEqual(costs.toSorted((a, b) => b - a));
});

test('what is advised keeps the freshness, is no dearer than the present where that keeps it, and drains', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 5_000, noNaN: true }),
      fc.integer({ min: 200, max: 20_000 }),
      fc.integer({ min: 60, max: 7_200 }),
      (eventsPerSecond, eventBytes, freshnessSeconds) => {
        const given = { eventsPerSecond, eventBytes };
        const { plan: advised } = recommend(given, plan, { freshnessSeconds, timing: usualTiming });
        if (advised === undefined) return;
        expect(freshness(given, advised, usualTiming)).toBeLessThanOrEqual(freshnessSeconds);
        expect(shapeOfRun(given, advised, usualTiming).seconds).toBeLessThanOrEqual(advised.everySeconds / 2);
        const presentDrains = shapeOfRun(given, plan, usualTiming).seconds <= plan.everySeconds / 2;
        if (presentDrains && freshness(given, plan, usualTiming) <= freshnessSeconds) {
          expect(monthlyCost(given, advised, usualTiming).total).toBeLessThanOrEqual(
            monthlyCost(given, plan, usualTiming).total + 1e-9,
          );
        }
      },
    ),
  );
});

test("a quota of 1 MiB/s binds near 900 events/s of 1 KB, long before one reader's end", () => {
  const found = ceilings(load, plan, { timing: usualTiming, quotaMiBPerSecond: 1 });

  expect(found.quotaEventsPerSecond).toBeCloseTo((1024 * 1024) / (1_024 + relayLineBytes), 6);
  expect(found.readerEventsPerSecond).toBeGreaterThan(4_000);
});
