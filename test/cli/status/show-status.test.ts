import { expect, test } from 'vitest';
import { showStatus } from '../../../cli/status/show-status.ts';
import type { StreamStatus } from '../../../cli/status/stream-status.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const hour = 3_600_000;

const stream: StreamStatus = {
  name: 'cis',
  label: 'cis',
  id: 'new-id',
  type: 'cis',
  schedule: { on: true, expression: 'rate(5 minutes)', timeZone: 'UTC' },
  openRuns: 2,
  oldestUndeliveredMs: hour,
  quarantined: 0,
  destinations: [],
  owedToRemoved: { splunk: 12 },
  retiring: [{ streamId: 'old-id' }, { streamId: 'older-id', emptySince: now - 2 * hour }],
};
const shown = showStatus([stream], { now, paint: (text) => text }).split('\n');

test('what a removed destination is owed stands beside the destinations', () => {
  expect(shown[1]).toContain('splunk removed (12 batches owed)');
});

test('a replaced stream is named below the table until it has been empty for a day', () => {
  expect(shown.slice(2)).toEqual([
    'cis: the replaced stream old-id is retiring: it is still read, and was not empty when it was last',
    'cis: the replaced stream older-id is retiring: it has been empty for 2 h, and is read until that is a day',
  ]);
});
