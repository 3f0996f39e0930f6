import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  journalDayFolder,
  journalFolder,
  journalNumberPrefix,
  journalOwner,
  journalPrefix,
  journalRunFolder,
  probeKey,
  readJournalKey,
  writeJournalKey,
} from '../../../functions/stored/journal-key.ts';
import { anyDay, anyEncoding, anyName, anyNumber } from './hostile-names.ts';

const anyKey = fc.record({ streamName: anyName, day: anyDay, run: anyName, number: anyNumber });

test('a batch is known by its key, whatever it is named', () => {
  fc.assert(
    fc.property(anyKey, anyEncoding, (key, encoding) => {
      expect(readJournalKey(writeJournalKey(key, encoding))).toEqual(key);
    }),
  );
});

test('a listing by stream, day, run or number finds the batch', () => {
  fc.assert(
    fc.property(anyKey, anyEncoding, (key, encoding) => {
      const written = writeJournalKey(key, encoding);

      for (const prefix of [
        journalFolder,
        journalPrefix(key.streamName),
        journalDayFolder(key),
        journalRunFolder(key),
        journalNumberPrefix(key),
      ])
        expect(written.startsWith(prefix)).toBe(true);
    }),
  );
});

test('a probe lies in the journal and is no batch', () => {
  fc.assert(
    fc.property(anyName, (streamName) => {
      expect(probeKey(streamName).startsWith(journalPrefix(streamName))).toBe(true);
      expect(journalOwner(probeKey(streamName))).toBe(streamName);
      expect(readJournalKey(probeKey(streamName))).toBeUndefined();
    }),
  );
});

test.each([
  'journal/cis/probe',
  'journal/cis/2026-03-02/run-1/probe',
  'journal/cis/2026-03-02/run-1/7.json',
  'journal/cis/2026-03-02/run-1/000007.json.tmp',
  'journal/cis/2026-03-02/run-1/more/000007.json',
  'journal/cis/yesterday/run-1/000007.json',
  'quarantine/cis/2026-03-02/run-1/000007.json',
  'replayed/journal/cis/2026-03-02/run-1/000007.json',
])('%s is no batch', (key) => {
  expect(readJournalKey(key)).toBeUndefined();
});
