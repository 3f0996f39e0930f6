import { expect, test } from 'vitest';
import { nearest } from '../../infra/config/nearest.ts';

const names = ['bufferMiB', 'status', 'stage', 'stream', 'dry-run', 'run-now', 'runs'];

test.each([
  ['stauts', 'status'],
  ['Status', 'status'],
  ['statuss', 'status'],
  ['streem', 'stream'],
  ['dry', 'dry-run'],
  ['runnow', 'run-now'],
  ['buffermib', 'bufferMiB'],
  ['bufferMb', 'bufferMiB'],
])('%s most likely means %s', (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});

test.each(['', 'x', 'verbose', 'st', 'toString', 'r'.repeat(10_000)])('%s is near no name', (typed) => {
  expect(nearest(typed, names)).toBeUndefined();
});
