import { expect, test } from 'vitest';
import type { Configuration } from './configuration.ts';
import {
  expiring,
  expiringUnderTwo,
  poisonedUnderTwo,
  putBackBesideAnother,
  putBackOnce,
  putBackTwice,
  twoLongRuns,
  twoRuns,
} from './configurations.ts';
import { explore } from './explore.ts';
import { protocolModel } from './protocol-model.ts';
import { type Rules, rulesOfTheDesign, rulesWithoutLease } from './rules.ts';
import { told } from './told.ts';

/** What is too large for every commit. */
test.each<[string, Configuration, Rules, number]>([
  ['two runs of two batches', twoLongRuns, rulesOfTheDesign, 130_000],
  ['the same without the lease (I5)', twoLongRuns, rulesWithoutLease, 130_000],
  ['the table put back twice', putBackTwice, rulesOfTheDesign, 70_000],
  ['the table put back to before a run, beside another', putBackBesideAnother, rulesOfTheDesign, 100_000],
  ['objects that expire, two destinations', expiring, rulesOfTheDesign, 20_000],
  ['two runs, two destinations, two sweeps', { ...twoRuns, sweeps: 2 }, rulesOfTheDesign, 200_000],
  [
    'two runs, two destinations, two sweeps, without the lease',
    { ...twoRuns, sweeps: 2 },
    rulesWithoutLease,
    180_000,
  ],
  ['two runs of two batches without the lease', { ...twoLongRuns, sweeps: 2 }, rulesWithoutLease, 300_000],
  [
    'two batches and two destinations put back',
    { ...putBackOnce, destinations: 2 },
    rulesOfTheDesign,
    180_000,
  ],
  ['put back under two sweeps', { ...putBackOnce, sweeps: 2 }, rulesOfTheDesign, 120_000],
  ['two batches put back twice', { ...putBackTwice, batches: 2 }, rulesOfTheDesign, 240_000],
  [
    'two runs put back to any moment',
    { ...putBackBesideAnother, copiedBefore: false },
    rulesOfTheDesign,
    200_000,
  ],
  ['put back beside another, without the lease', putBackBesideAnother, rulesWithoutLease, 100_000],
  ['put back where objects expire', { ...putBackOnce, expiry: true }, rulesOfTheDesign, 300_000],
  ['three batches that expire', { ...expiring, batches: 3, destinations: 1 }, rulesOfTheDesign, 30_000],
  [
    'two destinations and sweeps, expiring',
    { ...expiringUnderTwo, destinations: 2 },
    rulesOfTheDesign,
    170_000,
  ],
  ['two poison batches under two sweeps', { ...poisonedUnderTwo, batches: 2 }, rulesOfTheDesign, 300_000],
])('keeps its invariants: %s', (_, configuration, rules, atLeast) => {
  const { visited, counterexample } = explore(protocolModel(configuration, rules));

  expect(told(counterexample)).toBe('holds');
  expect(visited).toBeGreaterThan(atLeast);
});
