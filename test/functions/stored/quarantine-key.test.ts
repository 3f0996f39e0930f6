import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  quarantineBatchPrefix,
  readQuarantineKey,
  writeQuarantineKey,
} from '../../../functions/stored/quarantine-key.ts';
import { anyDay, anyEncoding, anyName, anyNumber } from './hostile-names.ts';

const anyKey = fc.record(
  {
    streamName: anyName,
    day: anyDay,
    run: anyName,
    number: anyNumber,
    index: fc.integer({ min: 0, max: 200_000 }),
    destination: anyName,
  },
  { requiredKeys: ['streamName', 'day', 'run', 'number'] },
);

test('an entry is known by its key, whatever its destination is named and whoever reads it', () => {
  fc.assert(
    fc.property(anyKey, anyEncoding, fc.array(anyName), (key, encoding, destinations) => {
      expect(readQuarantineKey(writeQuarantineKey(key, encoding), destinations)).toEqual(key);
    }),
  );
});

test('all that a batch gave is found by its number', () => {
  fc.assert(
    fc.property(anyKey, anyEncoding, (key, encoding) => {
      expect(writeQuarantineKey(key, encoding).startsWith(quarantineBatchPrefix(key))).toBe(true);
    }),
  );
});

describe('a key of version 0.1', () => {
  const place = { streamName: 'cis', day: '2026-03-02', run: 'run-1', number: 7 };
  const read = (name: string, destinations: readonly string[] = ['splunk', '2024', '2024-eu', '2025-a']) =>
    readQuarantineKey(`quarantine/cis/2026-03-02/run-1/${name}`, destinations);

  test.each([
    ['000007.json.gz', {}],
    ['000007-splunk.json', { destination: 'splunk' }],
    ['000007-0012-splunk.json', { index: 12, destination: 'splunk' }],
    ['000007-0012-2024.json', { index: 12, destination: '2024' }],
    ['000007-0012.json', { index: 12 }],
    ['000007-gone.json.zst', { destination: 'gone' }],
    ['000007-2024.json', { destination: '2024' }],
    ['000007-2024-eu.json', { destination: '2024-eu' }],
    ['000007-2025-gone.json', { index: 2025, destination: 'gone' }],
  ])('%s is read', (name, rest) => {
    expect(read(name)).toEqual({ ...place, ...rest });
  });
});

test.each([
  'journal/cis/2026-03-02/run-1/000007.json',
  'quarantine/cis/2026-03-02/run-1/7.json',
  'quarantine/cis/2026-03-02/run-1/000007',
  'quarantine/cis/2026-03-02/run-1/000007_from-x.json',
  'quarantine/cis/today/run-1/000007.json',
])('%s is no entry', (key) => {
  expect(readQuarantineKey(key, [])).toBeUndefined();
});
