import { describe, expect, test } from 'vitest';
import { type Counterexample, explore } from './explore.ts';
import { invariants } from './invariants.ts';
import { plantedFaults } from './planted-faults.ts';
import { l1, l2, protocolModel } from './protocol-model.ts';
import type { Size } from './protocol-state.ts';
import { rulesOfTheDesign, rulesWithoutLease } from './rules.ts';

const oneLongRun: Size = { runs: 1, batches: 2, destinations: 2, sweeps: 2 };
const twoRuns: Size = { runs: 2, batches: 1, destinations: 2, sweeps: 2 };
const twoLongRuns: Size = { runs: 2, batches: 2, destinations: 1, sweeps: 1 };

describe('the protocol, in every state that crashes and late PUTs can bring it to', () => {
  test.each([
    { says: 'one run of two batches, two destinations, two sweeps', size: oneLongRun, atLeast: 5_000 },
    { says: 'two runs, two destinations, two sweeps', size: twoRuns, atLeast: 100_000 },
    { says: 'two runs of two batches, one destination, one sweep', size: twoLongRuns, atLeast: 10_000 },
  ])('keeps its invariants: $says', ({ size, atLeast }) => {
    const { visited, counterexample } = explore(protocolModel(size, rulesOfTheDesign));

    expect(told(counterexample)).toBe('holds');
    expect(visited).toBeGreaterThan(atLeast);
  });

  test.each([
    { says: 'two destinations, two sweeps', size: twoRuns, atLeast: 100_000 },
    { says: 'two batches each, one destination, one sweep', size: twoLongRuns, atLeast: 10_000 },
  ])('I5: keeps them with two runs at once and no lease: $says', ({ size, atLeast }) => {
    const { visited, counterexample } = explore(protocolModel(size, rulesWithoutLease));

    expect(told(counterexample)).toBe('holds');
    expect(visited).toBeGreaterThan(atLeast);
  });
});

describe('a protocol that is wrong in one decision is caught', () => {
  test.each(plantedFaults)('$breaks notices one that $says', ({ size = oneLongRun, change, breaks }) => {
    const { counterexample } = explore(protocolModel(size, { ...rulesOfTheDesign, ...change }));

    expect(
      counterexample?.broken.some((name) => name.startsWith(breaks)),
      told(counterexample),
    ).toBe(true);
  });

  test('and each invariant has a fault that it notices', () => {
    const names = [...Object.keys(invariants), l1, l2];
    const idle = names.filter((name) => !plantedFaults.some(({ breaks }) => name.startsWith(breaks)));

    expect(idle).toEqual([]);
  });
});

/** What a failed test prints: the invariant, and how it came to break. */
function told(counterexample: Counterexample | undefined): string {
  if (counterexample === undefined) return 'holds';
  return [...counterexample.broken, ...counterexample.trace.map((step, at) => `${at + 1}. ${step}`)].join(
    '\n',
  );
}
