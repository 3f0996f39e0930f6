import { expect, test } from 'vitest';
import { packedRounding } from '../../../cli/advise/cost.ts';
import { relayLineBytes } from '../../../cli/advise/workload.ts';
import { billedToRaw, billedToReceived, dollarsPerMillion } from '../../../lab/bench/arithmetic.ts';

test('packed records are billed for at most 3 % more than they hold, at 0.5, 1, 2 and 5 KB an event', () => {
  const ratios = billedToRaw();

  expect(Object.keys(ratios).sort()).toEqual(['0.5', '1', '2', '5']);
  for (const ratio of Object.values(ratios)) expect(ratio).toBeLessThanOrEqual(1.03);
});

test("over the events' own bytes the bill is larger by what a line adds, which is the less the larger they are", () => {
  const ratios = billedToReceived();

  for (const [kilobytes, overLines] of Object.entries(billedToRaw())) {
    const added = (ratios[kilobytes]! / overLines - 1) * Number(kilobytes) * 1_024;
    expect(added).toBeCloseTo(relayLineBytes, -1);
  }
});

test("the cost model's rounding is no less than that of full batches", () => {
  for (const ratio of Object.values(billedToRaw())) expect(packedRounding).toBeGreaterThanOrEqual(ratio);
});

test('a million events of 1 KB cost at most $0.040 packed and $0.020 compressed', () => {
  const { packed, compressed } = dollarsPerMillion();

  expect(packed).toBeLessThanOrEqual(0.04);
  expect(compressed).toBeLessThanOrEqual(0.02);
});
