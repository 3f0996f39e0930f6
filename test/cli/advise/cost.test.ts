import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dollarsPerMillion, monthlyCost } from '../../../cli/advise/cost.ts';
import { ceilings, duty, freshness, mostDuty, recommend } from '../../../cli/advise/recommend.ts';
import {
  type Load,
  type Plan,
  packedS3,
  readerLimit,
  relayLineBytes,
  shapeOfRun,
  usualTiming,
} from '../../../cli/advise/workload.ts';
import { gigabyte, prices, secondsPerMonth } from '../../../infra/config/prices.ts';

const plan: Plan = {
  everySeconds: 300,
  batchSize: 1_000,
  memoryMb: 512,
  timeoutSeconds: 300,
  destinations: [packedS3],
};
const load: Load = { eventsPerSecond: 100, eventBytes: 1_024 };

test("Firehose's part of a packed S3 stream is its bytes, a hundredth for rounding, and half a step a batch", () => {
  const { firehose } = monthlyCost(load, plan, usualTiming);
  const events = 100 * secondsPerMonth;
  const batches = (shapeOfRun(load, plan, usualTiming).batches * secondsPerMonth) / plan.everySeconds;
  const bytes = events * (1_024 + relayLineBytes) * 1.01 + batches * 2_560;

  expect(firehose).toBeCloseTo((bytes / gigabyte) * prices.firehosePerGb, 6);
});

test('one event a record is billed in steps of 5 KB', () => {
  const single = { ...plan, destinations: [{ ...packedS3, packing: 'single' as const }] };
  const { firehose } = monthlyCost(load, single, usualTiming);

  expect(firehose).toBeCloseTo(((100 * secondsPerMonth * 5_120) / gigabyte) * prices.firehosePerGb, 6);
});

test('the total is the sum of its eight parts, and excludes the costs that stand apart', () => {
  const cost = monthlyCost(load, plan, usualTiming);
  const { total, apart, ...parts } = cost;

  const names = ['firehose', 'lambda', 'dynamoDb', 'scheduler', 'logs', 'journalRequests'];
  expect(Object.keys(parts)).toEqual([...names, 'objectRequests', 'copiers']);
  expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBeCloseTo(total, 10);
  expect(Object.keys(apart)).toEqual(['journalStorage', 'objectStorage', 'kmsKey', 'egress']);
});

test('a million events grow cheaper the more there are', () => {
  const at = (eventsPerSecond: number) => dollarsPerMillion({ ...load, eventsPerSecond }, plan, usualTiming);

  const costs = [1, 10, 100, 1_000].map(at);
  expect(costs).toEqual(costs.toSorted((a, b) => b - a));
});

test('the advised plan keeps the freshness, costs no more than a present plan that keeps it, and drains', () => {
  fc.assert(
    fc.property(
      fc.record({
        eventsPerSecond: fc.double({ min: 0.01, max: 5_000, noNaN: true }),
        eventBytes: fc.integer({ min: 200, max: 20_000 }),
      }),
      fc.record({
        everySeconds: fc.integer({ min: 60, max: 86_400 }),
        batchSize: fc.integer({ min: 1, max: 1_000 }),
        memoryMb: fc.integer({ min: 256, max: 10_240 }),
        timeoutSeconds: fc.integer({ min: 60, max: 900 }),
      }),
      fc.integer({ min: 61, max: 200_000 }),
      (given, settings, freshnessSeconds) => {
        const present = { ...plan, ...settings };
        const advised = recommend(given, present, { freshnessSeconds, timing: usualTiming });
        const presentIsPossible =
          duty(given, present, usualTiming) <= mostDuty &&
          freshness(given, present, usualTiming) <= freshnessSeconds;
        expect(advised !== undefined || !presentIsPossible).toBe(true);
        if (advised === undefined) return;
        expect(freshness(given, advised, usualTiming)).toBeLessThanOrEqual(freshnessSeconds);
        expect(duty(given, advised, usualTiming)).toBeLessThanOrEqual(mostDuty);
        if (presentIsPossible) {
          expect(monthlyCost(given, advised, usualTiming).total).toBeLessThanOrEqual(
            monthlyCost(given, present, usualTiming).total + 1e-9,
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('no memory is advised that is too small for the answers that the stream accepts', () => {
  const wanted = { freshnessSeconds: 600, timing: usualTiming };
  const present = { ...plan, memoryMb: 1_024 };

  expect(recommend(load, present, wanted)?.memoryMb).toBe(512);
  expect(recommend(load, { ...present, leastMemoryMb: 928 }, wanted)?.memoryMb).toBe(1_024);
});

test('a day between runs is advised where a day will do, and never a run longer than its timeout', () => {
  const wanted = { freshnessSeconds: 200_000, timing: usualTiming };
  const advised = (eventsPerSecond: number) => recommend({ ...load, eventsPerSecond }, plan, wanted);

  expect(advised(1)).toMatchObject({ everySeconds: 86_400 });
  expect(duty({ ...load, eventsPerSecond: 100 }, advised(100)!, usualTiming)).toBeLessThanOrEqual(0.5);
  expect(advised(100)!.everySeconds).toBeLessThan(86_400);
});

test("a quota of 1 MiB/s binds near 900 events/s of 1 KB, long before one reader's end", () => {
  const found = ceilings(load, plan, usualTiming);

  expect(found.quotaEventsPerSecond).toBeCloseTo((1024 * 1024) / (1_024 + relayLineBytes), 6);
  expect(found.readerEventsPerSecond).toBeGreaterThan(4_000);
});

test('compressed records stretch the quota 3.4 times, and the destination that binds first is named', () => {
  const compressed = { ...packedS3, compressed: true };
  const found = (quotaMiBPerSecond: number) => {
    const splunk = { ...packedS3, name: 'splunk', quotaMiBPerSecond };
    return ceilings(load, { ...plan, destinations: [splunk, compressed] }, usualTiming);
  };

  expect(found(5)).toMatchObject({ quotaOf: 's3' });
  expect(found(5).quotaEventsPerSecond).toBeCloseTo((3.4 * 1024 * 1024) / (1_024 + relayLineBytes), 6);
  expect(found(2)).toMatchObject({ quotaOf: 'splunk' });
});

test('a reader that asks for few events at a time ends where its batch size says', () => {
  const { readerEventsPerSecond, presentReaderEventsPerSecond } = ceilings(
    load,
    { ...plan, batchSize: 10 },
    usualTiming,
  );

  expect(presentReaderEventsPerSecond).toBeCloseTo(readerEventsPerSecond / 100, 6);
});

test('a stream without destinations, as a witness is, has no quota', () => {
  expect(ceilings(load, { ...plan, destinations: [] }, usualTiming)).not.toHaveProperty(
    'quotaEventsPerSecond',
  );
});

test('one reader ends where the benchmark measured it at 512 MB: 91 % of 1,000 events per collect and PUT', () => {
  expect(readerLimit(plan, usualTiming) / (1_000 / 0.18)).toBeCloseTo(0.91, 2);
});

test('memory binds only where answers come faster than its share of a CPU works', () => {
  const soon = { ...usualTiming, collectMs: 5, journalMs: 5 };
  const at = (memoryMb: number, timing = usualTiming) => readerLimit({ ...plan, memoryMb }, timing);

  expect(at(1_769)).toBe(at(512));
  expect(at(1_769, soon)).toBeGreaterThan(at(512, soon));
});
