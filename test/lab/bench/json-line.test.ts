import { expect, test } from 'vitest';
import { jsonLine } from '../../../lab/bench/json-line.ts';
import { failedResult, someResult } from './some-result.ts';

const variant = { cpuSecondsPerMillion: 'number', eventsPerSecond: 'number', peakRssMb: 'number' };
const arithmetic = {
  billedToRaw: { '0.5': 'number', 1: 'number', 2: 'number', 5: 'number' },
  dollarsPerMillion: { packed: 'number', compressed: 'number' },
};

test('the JSON of a full run has every key that is promised, with a number, and no other', () => {
  expect(typesIn(JSON.parse(jsonLine(someResult())))).toEqual({
    variants: {
      ...{ floor: variant, relay: variant, relayGzip: variant },
      ...{ usualLambda: variant, usualPacked: variant, vendor: variant },
    },
    ratios: {
      ...{ relayToFloor: 'number', vendorToRelay: 'number', usualToRelay: 'number' },
      ...{ usualPackedToRelay: 'number', gzipToRelay: 'number' },
    },
    throughputToIdeal: {
      '150/30/40': 'number',
      '300/40/60': 'number',
      '150/30/40@512': 'number',
      '300/40/60@512': 'number',
    },
    ...arithmetic,
    splitter: { mbPerSecond: 'number', jsonParseMbPerSecond: 'number' },
    views: { viewToPlain: 'number', viewToParse: 'number', shapeToPlain: 'number' },
  });
});

test('the JSON of a run without servers and cutter has the same keys, with null for each missing figure', () => {
  expect(typesIn(JSON.parse(jsonLine(failedResult())))).toEqual({
    variants: {
      ...{ floor: null, relay: null, relayGzip: null },
      ...{ usualLambda: null, usualPacked: null, vendor: null },
    },
    ratios: {
      ...{ relayToFloor: null, vendorToRelay: null, usualToRelay: null },
      ...{ usualPackedToRelay: null, gzipToRelay: null },
    },
    throughputToIdeal: { '150/30/40': null, '300/40/60': null, '150/30/40@512': null, '300/40/60@512': null },
    ...arithmetic,
    splitter: { mbPerSecond: null, jsonParseMbPerSecond: null },
    views: { viewToPlain: null, viewToParse: null, shapeToPlain: null },
  });
});

test('the JSON is one line', () => {
  expect(jsonLine(someResult())).not.toContain('\n');
});

/** The same object with the type of each value in its place. */
function typesIn(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typesIn(each)]));
}
