import { expect, test } from 'vitest';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import { stageSettings } from './synthesized.ts';

function problemsOf(written: unknown): readonly string[] {
  const read = readStages(written);
  return 'problems' in read ? read.problems : [];
}

test('a mistake hides no other: each check is made of what was not refused', () => {
  const elsewhere = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:siem-AbCdEf';
  const long = Array.from({ length: 8 }, (_, at) => ({
    kind: 'splunk',
    name: `splunk-${at}`,
    endpoint: `https://hec-${at}.example.com:8088`,
    secret: elsewhere.replace('eu-central-1', 'eu-west-1'),
    ...{ host: 'x'.repeat(200), source: 'x'.repeat(200), sourcetype: 'x'.repeat(200) },
  }));
  const problems = problemsOf({
    test: {
      ...{ environment: 'eu', secret: 'relay/test', region: 'eu-west-1', account: '111122223333' },
      streams: [
        {
          ...{ id: 'one', type: 'cis', batchSize: 0 },
          destinations: [
            // A value, and two settings that contradict each other.
            {
              kind: 'sentinel',
              endpoint: 'http',
              rule: 'none',
              table: 'Custom-A',
              secret: elsewhere,
              bufferMiB: 20,
            },
            { kind: 's3', bufferSeconds: 901, prefix: 'events' },
            { kind: 's3', bufferSeconds: -1 },
            { kind: 'openSearch', domain: 7, rotate: 'day' },
          ],
        },
        { id: 'two', type: 'admin', destinations: long },
        // Nothing is told of a setting that was refused, but that it was.
        {
          ...{ id: 'three', type: 'risk', cron: 5, timeZone: 'Europe/Berlin', pollWithin: '10 seconds' },
          witness: 'yes',
          witnessEvery: '1 hour',
        },
        { ...{ id: 'with space', type: 'verify', was: 'four' }, alarms: { quiet: 'x' }, every: '7 days' },
        { pullUrl: 'http://x', type: 'cis' },
        5,
      ],
    },
  });

  expect(
    problems.map((line) => line.replace(/^stages\.test\.|(; give|, and with|; the settings).*/g, '')),
  ).toEqual([
    'streams[0].batchSize: 0 is below 1',
    "streams[0].destinations[0].endpoint: 'http' will not do",
    "streams[0].destinations[0].rule: 'none' will not do",
    'streams[0].destinations[0].bufferMiB: is 20',
    'streams[0].destinations[1].bufferSeconds: 901 is above 900',
    "streams[0].destinations[1].prefix: has no meaning without bucket: the relay's own bucket has folders of its own; take it out",
    'streams[0].destinations[2].bufferSeconds: -1 is below 0',
    "streams[0].destinations[2].name: 's3' is also the name of destinations[1]",
    'streams[0].destinations[3].domain: 7 is not a text',
    'streams[0].destinations[3].index: is missing',
    'streams[2].cron: 5 is not a text',
    "streams[2].witness: 'yes' is not known",
    "streams[3].id: 'with space' will not do",
    "streams[3].alarms.quiet: 'x' will not do",
    "streams[4].pullUrl: 'http://x' is no https URL",
    'streams[5]: 5 is not an object',
    "streams[0].destinations 'sentinel'.secret: is in eu-central-1, and the stage in eu-west-1",
    "streams[1]: its collector's settings take 7797 bytes, and Lambda has room for 4096",
  ]);
});

test('nine destinations too many are told beside the mistakes in them', () => {
  const streams = [{ id: 'one', type: 'cis', destinations: Array(9).fill({ kind: 'fax' }) }];
  const problems = problemsOf({ test: { ...stageSettings({}), streams } });

  expect(problems).toHaveLength(10);
  expect(problems[0]).toBe(
    'stages.test.streams[0].destinations: 9 destinations are above 8; give another stream the others',
  );
});

test('an unknown stage is told beside the mistakes of the others', () => {
  expect(chooseStage({ dev: 5 }, 'nope')).toEqual({
    problems: [
      expect.stringMatching(/^stages\.dev: 5 is not an object; give/),
      "stage 'nope' is not in stages.ts; the stages there are dev",
    ],
  });
});
