import { expect, test } from 'vitest';
import { billedToRaw, dollarsPerMillion } from '../../bench/arithmetic.ts';
import { packedRounding } from '../../cli/advise/cost.ts';

test('packed records are billed for at most 3 % more than they hold, at 0.5, 1, 2 and 5 KB an event', () => {
  const ratios = billedToRaw();

  expect(Object.keys(ratios).sort()).toEqual(['0.5', '1', '2', '5']);
  for (const ratio of Object.values(ratios)) expect(ratio).toBeLessThanOrEqual(1.03);
});

test('the rounding that the cost model takes is no less than what full batches show', () => {
  for (const ratio of Object.values(billedToRaw())) expect(packedRounding).toBeGreaterThanOrEqual(ratio);
});

test('a million events of 1 KB cost at most $0.040 packed and $0.020 compressed', () => {
  const { packed, compressed } = dollarsPerMillion();

  expect(packed).toBeLessThanOrEqual(0.04);
  expect(compressed).toBeLessThanOrEqual(0.02);
});
