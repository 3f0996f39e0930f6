import { expect, test } from 'vitest';
import { checkSettings } from '../../../cli/doctor/settings-checks.ts';
import type { StageSettings } from '../../../infra/config/settings.ts';
import { stages } from '../../../infra/config/stages.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';

const stream: StreamSettings = { id: 'soc-cis', type: 'cis', destinations: [{ kind: 's3' }] };
const own: StageSettings = {
  environment: 'eu',
  secret: 'mosaic/prod',
  account: '444455556666',
  streams: [stream],
};

function lines(written: Readonly<Record<string, StageSettings>>, stage: string): readonly string[] {
  return checkSettings(written, stage).findings.map(({ verdict, says }) => `${verdict}: ${says}`);
}

test('settings of one’s own are well', () => {
  expect(lines({ prod: own }, 'prod')).toEqual([
    'ok: stage prod: 1 stream, 1 destination',
    'ok: no other stage of the settings reads a stream of this one',
  ]);
});

test('the account and addresses that the settings ship with are refused, each by its path', () => {
  const [found] = lines(stages, 'prod');

  expect(found).toMatch(/^failed: \d+ values are examples: stages\.prod\.secret, stages\.prod\.account, /);
});

test('a stage that is misspelt is asked about, and nobody is sent to edit the settings', () => {
  const { findings } = checkSettings({ prod: own, dev: own }, 'prdo');

  expect(findings).toEqual([
    expect.objectContaining({
      says: expect.stringContaining("stage 'prdo' is not in"),
      remedy: 'say --stage prod',
    }),
  ]);
});

test('every problem of the settings is a finding', () => {
  const broken = { ...own, streams: [{ ...stream, batchSize: 0, every: '90 seconds' }] };

  expect(lines({ prod: broken }, 'prod')).toEqual([
    expect.stringMatching(/^failed: stages\.prod\.streams\[0\]\.batchSize: 0 /),
    expect.stringMatching(/^failed: stages\.prod\.streams\[0\]\.every: '90 seconds' /),
  ]);
});

test('a stage that is not there names those that are', () => {
  expect(lines({ prod: own }, 'pord')).toEqual([
    expect.stringMatching(/^failed: stage 'pord' is not in .* prod; did you mean prod\?$/),
  ]);
});

test('two stages that read one stream of one Mosaic are found', () => {
  expect(lines({ prod: own, other: { ...own } }, 'prod')[1]).toMatch(
    /^failed: stage other reads stream soc-cis/,
  );
  expect(lines({ prod: own, other: { ...own, environment: 'us' } }, 'prod')[1]).toMatch(/^ok/);
});
