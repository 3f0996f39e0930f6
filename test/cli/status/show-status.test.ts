import { expect, test } from 'vitest';
import { showStatus } from '../../../cli/status/show-status.ts';
import { destinationStatus, now, stageStatus, streamStatus } from './statuses.ts';

const hour = 3_600_000;
const minute = 60_000;

function shown(streams: Parameters<typeof stageStatus>[0], columns = 80): readonly string[] {
  const look = { now, paint: (text: string) => text, columns };
  return showStatus(stageStatus(streams), 'stack mosaic-relay-dev', look).split('\n');
}

const next =
  'npx relay replay --stream cis --destination splunk --stage dev --region eu-central-1 --settings stages.ts';
const night = [
  streamStatus({
    lastRun: {
      run: 'r',
      startedAt: now,
      endedAt: now - minute * 2,
      outcome: 'drained',
      lastNumber: 1,
      caution: false,
    },
    alarms: [{ name: 'WaitingForOperator', since: now - 3 * hour }],
    destinations: [
      destinationStatus({
        verdict: 'waiting for you',
        waiting: { backup: { events: 8_340, known: 'exactly' }, firehose: { events: 12, known: 'about' } },
        oldestAt: now - 200 * minute,
        alarms: [{ name: 'DeliveryGivenUp', since: now - 2 * hour }],
        next,
      }),
      destinationStatus({ name: 's3', kind: 's3' }),
    ],
  }),
];

test('the first line is the verdict of the whole, with where, how many events and for how long', () => {
  expect(shown(night).slice(0, 3)).toEqual([
    'waiting for you: cis/splunk; about 8,352 events wait, the oldest for 3 h 20 min',
    'stack mosaic-relay-dev',
    '',
  ]);
  expect(shown([streamStatus({ destinations: [destinationStatus({})] })])[0]).toBe(
    'ok: dev delivers what it collects; nothing waits',
  );
});

test('a destination has a line with its verdict, and below the tables what waits where, the red alarms and the next command', () => {
  const lines = shown(night);

  expect(lines).toContainEqual(
    expect.stringMatching(/^cis\/splunk +waiting for you +about 8,352 events +3 h 20 min$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^cis\/s3 +ok +- +-$/));
  const from = lines.indexOf('cis/splunk');
  expect(lines.slice(from, from + 5)).toEqual([
    'cis/splunk',
    '  about 12 events held by Firehose; 8,340 events given up by Firehose, in backup',
    '  alarm DeliveryGivenUp is red, for 2 h',
    `  next: ${next}`,
    '',
  ]);
  expect(lines.slice(from + 5)).toEqual(['cis', '  alarm WaitingForOperator is red, for 3 h']);
});

test.each([40, 80, 120])('nothing but a command is wider than a terminal of %d columns', (columns) => {
  for (const line of shown(night, columns))
    if (!line.startsWith('  next: ')) expect(line.length, line).toBeLessThanOrEqual(columns);
});

test('a replaced stream is named until it has been empty for a day', () => {
  const retiring = [{ streamId: 'old-id' }, { streamId: 'older-id', emptySince: now - 2 * hour }];
  expect(shown([streamStatus({ retiring })], 120).slice(-2)).toEqual([
    '  the replaced stream old-id is retiring: it is still read, and was not empty when it was last',
    '  the replaced stream older-id is retiring: it has been empty for 2 h, and is read until that is a day',
  ]);
});
