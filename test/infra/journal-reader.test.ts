import { expect, test } from 'vitest';
import { readStages } from '../../infra/config/read-stages.ts';
import { resourcesOf, stageOf, stageSettings, templateOf } from './synthesized.ts';

const reader = 'arn:aws:iam::111122223333:role/incident-response';
const template = templateOf(stageOf(stageSettings({ journalReaders: [reader] })));
const readers = resourcesOf(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith('JournalReader'));

test('whoever the settings name may take on the role that reads raw events, and nobody else', () => {
  expect(readers).toHaveLength(1);
  const [, role] = readers[0]!;
  expect(role.Properties.RoleName).toBe('mosaic-relay-test-journal-reader');
  expect(role.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
    { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: reader } },
  ]);
});

test('the role reads journal and quarantine, and writes nothing', () => {
  const [id, role] = readers[0]!;
  const own = role.Properties.Policies[0].PolicyDocument.Statement;
  expect(own.flatMap(({ Action }: { Action: string }) => Action)).toEqual(['s3:ListBucket', 'kms:Decrypt']);
  const granted = resourcesOf(template, 'AWS::S3::BucketPolicy')
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .filter(({ Principal }) => JSON.stringify(Principal).includes(id));
  expect(granted).toHaveLength(1);
  expect(granted[0]).toMatchObject({ Sid: 'JournalReaders', Action: 's3:GetObject', Effect: 'Allow' });
  expect(JSON.stringify(granted[0].Resource)).toMatch(/\/journal\/\*.*\/quarantine\/\*/);
});

test('there is no such role unless the settings name somebody', () => {
  const roles = resourcesOf(templateOf(stageOf(stageSettings())), 'AWS::IAM::Role');
  expect(roles.filter(([id]) => id.startsWith('JournalReader'))).toEqual([]);
});

test('everybody, or an account as a whole, cannot be a reader', () => {
  for (const wrong of ['*', 'arn:aws:iam::111122223333:root']) {
    const read = readStages({ test: stageSettings({ journalReaders: [wrong] }) });
    expect(read).toEqual({
      problems: [expect.stringMatching(/^stages\.test\.journalReaders\[0\]: .*will not do/)],
    });
  }
});
