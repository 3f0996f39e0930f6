import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type LocalAws, region, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const get = (SecretId: string, VersionStage?: string) =>
  new SecretsManagerClient({ ...aws.client, maxAttempts: 1 }).send(
    new GetSecretValueCommand({ SecretId, VersionStage }),
  );

test('a rotated secret has a new current version and keeps the one before', async () => {
  aws.secrets.put('rotated', 'first');
  aws.secrets.put('rotated', 'second');
  aws.secrets.put('rotated', 'third');

  const current = await get('rotated');
  const previous = await get('rotated', 'AWSPREVIOUS');

  expect([current.SecretString, previous.SecretString]).toEqual(['third', 'second']);
  expect(current.VersionId).not.toBe(previous.VersionId);
  expect([current.VersionStages, previous.VersionStages]).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
});

test('a secret that is put by its complete ARN keeps that ARN', async () => {
  const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:mosaic/prod-Ab12Cd`;
  aws.secrets.put(arn, 'x');

  expect((await get('mosaic/prod')).ARN).toBe(arn);
  expect(aws.secrets.read(arn)).toBe('x');
});

test('a label or a secret that is not there is not found', async () => {
  aws.secrets.put('gone', 'x');
  await expect(get('gone', 'AWSPENDING')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(get('gone', 'AWSPREVIOUS')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

  aws.secrets.remove('gone');
  await expect(get('gone')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an ARN without its random suffix cannot be put', () => {
  expect(() => aws.secrets.put(`arn:aws:secretsmanager:${region}:${accountId}:secret:short`, 'x')).toThrow(
    /complete ARN/,
  );
});
