import { describe, expect, test } from 'vitest';
import { explore } from '../explore.ts';
import { told } from '../told.ts';
import type { PassesConfiguration } from './backlog.ts';
import { fewestTriesFirst, type PassRules, passesOfTheDesign } from './pass-rules.ts';
import { l3, l4, passesModel } from './passes-model.ts';

const calm: PassesConfiguration = {
  destinations: 2,
  runs: 3,
  batches: 3,
  capacity: 2,
  poison: 0,
  bound: 0,
};
const three: PassesConfiguration = { ...calm, destinations: 3, batches: 2 };
/** The passes that a poison batch ends before it goes to quarantine. */
const poisoned: PassesConfiguration = { ...calm, batches: 2, poison: 1, bound: passesOfTheDesign.limit };

describe('passes over a backlog, whatever refuses and whatever arrives', () => {
  test.each([
    [
      'L3 and L4: two destinations have their oldest batch in the first pass that they are willing in',
      calm,
      400,
    ],
    ['L3 and L4: so have three', three, 800],
    ['L4: one poison batch delays the others by five passes at most', poisoned, 15_000],
  ])('%s', (_, configuration, atLeast) => {
    const { visited, counterexample } = explore(passesModel(configuration));

    expect(told(counterexample)).toBe('holds');
    expect(visited).toBeGreaterThan(atLeast);
  });

  test('and by no fewer: the bound is met', () => {
    const { counterexample } = explore(passesModel({ ...poisoned, bound: poisoned.bound - 1 }));

    expect(counterexample?.broken).toEqual([l4]);
  });
});

describe('a sweep that is wrong in one decision is caught', () => {
  const planted: readonly PlantedPasses[] = [
    {
      says: 'has one loop for all destinations',
      change: { loops: (destinations) => [destinations] },
      breaks: l3,
    },
    {
      says: 'ends the loop that they share at the first refusal',
      change: { loops: (destinations) => [destinations], refusalEndsLoop: true },
      breaks: l3,
    },
    {
      says: 'attempts first, each time, what a destination refused',
      change: { refusalCounts: true },
      breaks: l3,
    },
    {
      says: 'orders runs by tries that success does not clear',
      configuration: { ...calm, bound: 3 },
      change: { order: fewestTriesFirst, successClears: false, suspectsFirst: false },
      breaks: l4,
    },
    {
      says: 'takes the newest run first',
      configuration: { ...calm, bound: 3 },
      change: { order: (runs) => runs.toReversed() },
      breaks: l4,
    },
    {
      says: 'never puts a batch aside that ends every pass',
      configuration: poisoned,
      change: { limit: 20 },
      breaks: l4,
    },
  ];

  test.each(planted.map((fault) => [fault.says, fault] as const))(
    'one that %s',
    (_, { configuration = calm, change, breaks }) => {
      const { counterexample } = explore(passesModel(configuration, { ...passesOfTheDesign, ...change }));

      expect(counterexample?.broken.includes(breaks), told(counterexample)).toBe(true);
    },
  );
});

interface PlantedPasses {
  readonly says: string;
  readonly configuration?: PassesConfiguration;
  readonly change: Partial<PassRules>;
  readonly breaks: string;
}
