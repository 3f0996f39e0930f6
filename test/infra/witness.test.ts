import { expect, test } from 'vitest';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { withWitnesses } from '../../infra/config/witness.ts';
import {
  resourcesOf,
  settingsIn,
  stageOf,
  stageSettings,
  streamSettings,
  type Template,
  templateOf,
} from './synthesized.ts';

const watched = (witness: 'detect' | 'recover' | undefined) =>
  templateOf(
    stageOf(
      stageSettings({
        streams: [
          { id: 'one', type: 'cis', witness },
          { id: 'two', type: 'risk' },
        ],
      }),
    ),
  );
const without = watched(undefined);
const detecting = watched('detect');
const recovering = watched('recover');

const witnessRole = (template: Template) =>
  resourcesOf(template, 'AWS::IAM::Role').find(
    ([id]) => id.startsWith('Streamsonewitness') && id.includes('FunctionRole'),
  )!;

function statementsOf(template: Template): readonly { Action: string | string[]; Condition?: unknown }[] {
  return witnessRole(template)[1].Properties.Policies[0].PolicyDocument.Statement;
}

function bucketStatement(template: Template, sid: string) {
  return resourcesOf(template, 'AWS::S3::BucketPolicy')
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .find((statement) => statement.Sid === sid);
}

test('a witness is a stream of its own, with the primary’s facts and no destination', () => {
  const [, mosaic] = resourcesOf(recovering, 'Custom::MosaicStream').find(
    ([, { Properties }]) => Properties.StreamName === 'one-witness',
  )!;
  expect(mosaic.Properties).toMatchObject({ StreamId: 'one-witness', StreamType: 'cis', Managed: 'true' });
  const told = settingsIn(recovering).find(({ name }) => name === 'one-witness')!;
  expect(told.witnessOf).toEqual({
    name: 'one',
    streamId: 'one',
    batchSize: 1000,
    destinations: ['s3'],
    mode: 'recover',
  });
  expect(told.destinations).toEqual([]);
});

test('it reads every hour, and compares and sweeps by schedules of its own', () => {
  const schedules = resourcesOf(recovering, 'AWS::Scheduler::Schedule').filter(([id]) =>
    id.startsWith('Streamsonewitness'),
  );
  expect(
    schedules.map(([, { Properties }]) => [
      JSON.parse(Properties.Target.Input).task,
      Properties.ScheduleExpression,
    ]),
  ).toEqual([
    ['collect', 'cron(0 * * * ? *)'],
    ['sweep', 'cron(2/5 * * * ? *)'],
    ['compare', 'rate(15 minutes)'],
  ]);
});

test('a witness that detects may read its primary and write nothing of it', () => {
  const ofPrimary = statementsOf(detecting).filter((one) =>
    /"one"|journal\/one\//.test(JSON.stringify(one.Condition)),
  );
  expect(ofPrimary.map(({ Action }) => Action)).toEqual([
    ['dynamodb:GetItem', 'dynamodb:Query'],
    's3:ListBucket',
  ]);
  expect(JSON.stringify(statementsOf(detecting))).not.toContain('firehose');
  expect(bucketStatement(detecting, 'Recoveries')).toBeUndefined();
  expect(bucketStatement(detecting, 'Witnesses')).toMatchObject({ Action: 's3:GetObject' });
});

test('one that recovers may write what it adds, and nothing that its primary collected', () => {
  const ofPrimary = statementsOf(recovering).filter((one) =>
    /"one"|journal\/one\//.test(JSON.stringify(one.Condition)),
  );
  expect(ofPrimary.map(({ Action }) => Action)).toEqual([
    ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    's3:ListBucket',
  ]);
  const recoveries = bucketStatement(recovering, 'Recoveries');
  expect(recoveries.Action).toBe('s3:PutObject');
  expect(JSON.stringify(recoveries.Resource)).toContain('/*/recovered-*');
  expect(witnessRole(recovering)[1].Properties.Tags).toContainEqual({ Key: 'RelayPrimary', Value: 'one' });
});

test('a witness changes nothing of any stream but the lists of roles and of streams, and its alarms', () => {
  const changed = Object.entries(without.Resources).filter(
    ([id, resource]) => JSON.stringify(recovering.Resources[id]) !== JSON.stringify(resource),
  );
  const allowed = /^(BucketPolicy|Undelivered|Orphans|Monitoring)|AlarmsNestedStack/;
  expect(changed.map(([id]) => id).filter((id) => !allowed.test(id))).toEqual([]);
});

function problemsOf(...streams: readonly StreamSettings[]): readonly string[] {
  const chosen = chooseStage({ test: stageSettings({ streams }) }, 'test');
  return 'problems' in chosen ? chosen.problems : [];
}

test.each([
  [{ witness: 'maybe' as 'detect' }, "streams[0].witness: 'maybe' is not known; give 'detect' or 'recover'"],
  [{ witnessEvery: '1 hour' }, 'streams[0].witnessEvery: has no meaning without witness'],
  [
    { witness: 'detect' as const, witnessEvery: '1 day' },
    "streams[0].witnessEvery: '1 day' is above 12 hours",
  ],
  [{ witness: 'detect' as const, witnessEvery: 'daily' }, "streams[0].witnessEvery: 'daily' is no schedule"],
])('%j is refused', (changes, problem) => {
  expect(problemsOf(streamSettings(changes))).toEqual([expect.stringContaining(problem)]);
});

test('a witness needs a stream that can be copied, and a name and an id of its own', () => {
  const pullUrl = 'https://api.example.com/collect?type=cis&stream_id=one';
  expect(problemsOf({ type: 'cis', pullUrl, name: 'one', witness: 'detect' })).toEqual([
    expect.stringContaining('streams[0].witness: has no meaning with pullUrl'),
  ]);
  expect(problemsOf(streamSettings({ witness: 'detect' }), streamSettings({ id: 'one-witness' }))).toEqual([
    expect.stringContaining('which streams[1] has; give that one another name and id'),
  ]);
});

test('a whole stage can be tried with witnesses, without a change of its settings', () => {
  const written = {
    test: stageSettings({
      streams: [
        { id: 'one', type: 'cis' },
        { id: 'two', type: 'risk', witness: 'detect' },
      ],
    }),
  };
  const chosen = chooseStage(withWitnesses(written, 'recover'), 'test');
  if ('problems' in chosen) throw new Error(chosen.problems.join());
  expect(chosen.stage.streams.map(({ witness }) => witness?.mode)).toEqual(['recover', 'detect']);
  expect(withWitnesses(written, undefined)).toBe(written);
});
