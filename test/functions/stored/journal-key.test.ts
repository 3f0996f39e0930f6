import { expect, test } from 'vitest';
import { journalRunFolder, readJournalKey } from '../../../functions/stored/journal-key.ts';

const batch = { streamName: 'cis', day: '2026-03-02', run: 'recovered-2026030112-a1', number: 7 };

test.each(['.json', '.json.gz', '.json.zst'])('a batch is known by its key, ending in %s', (ending) => {
  expect(readJournalKey(`${journalRunFolder(batch)}000007${ending}`)).toEqual(batch);
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
