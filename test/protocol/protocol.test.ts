import { describe, expect, test } from 'vitest';
import * as configurations from './configurations.ts';
import { explore } from './explore.ts';
import { invariants } from './invariants.ts';
import { plantedFaults } from './planted-faults.ts';
import { l1, l2, oneRun, protocolModel } from './protocol-model.ts';
import { rulesOfTheDesign, rulesWithoutLease } from './rules.ts';
import { told } from './told.ts';

describe('the protocol, in every state that its world can bring it to', () => {
  test.each([
    ['one run of two batches, two destinations, two sweeps', configurations.oneLongRun, 5_000],
    ['two runs, two destinations', configurations.twoRuns, 50_000],
    ['two runs, two sweeps', configurations.twoSweptRuns, 40_000],
    ['the table put back at any moment', configurations.putBackOnce, 50_000],
    ['the table put back, two destinations', configurations.putBackForTwo, 30_000],
    ['objects that expire, two sweeps', configurations.expiringUnderTwo, 25_000],
    ['objects that expire of a run whose OPEN has vanished', configurations.expiringPutBack, 40_000],
    ['a deadline and a timeout that differ', configurations.limitsDiffer, 40_000],
    ['a poison batch, and three passes that are killed', configurations.poisoned, 7_000],
    ['a poison batch under two sweeps, one of them killed', configurations.poisonedUnderTwo, 40_000],
  ])('keeps its invariants: %s', (_, configuration, atLeast) => {
    const { visited, counterexample } = explore(protocolModel(configuration, rulesOfTheDesign));

    expect(told(counterexample)).toBe('holds');
    expect(visited).toBeGreaterThan(atLeast);
  });

  test('I5: keeps them with two runs at once and no lease', () => {
    const { visited, counterexample } = explore(protocolModel(configurations.twoRuns, rulesWithoutLease));

    expect(told(counterexample)).toBe('holds');
    expect(visited).toBeGreaterThan(50_000);
  });
});

describe('a protocol that is wrong in one decision is caught', () => {
  test.each(plantedFaults.map((fault) => [fault.breaks, fault.says, fault] as const))(
    '%s notices one that %s',
    (_, __, { configuration = configurations.oneLongRun, change, breaks }) => {
      const { counterexample } = explore(protocolModel(configuration, { ...rulesOfTheDesign, ...change }));

      expect(
        counterexample?.broken.some((name) => name.startsWith(breaks)),
        told(counterexample),
      ).toBe(true);
    },
  );

  test('and each invariant has a fault that it notices', () => {
    const names = [...Object.keys(invariants), l1, l2, oneRun];
    const idle = names.filter((name) => !plantedFaults.some(({ breaks }) => name.startsWith(breaks)));

    expect(idle).toEqual([]);
  });
});
