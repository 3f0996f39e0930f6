import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { streamOf } from '../../../cli/access/deployed-relay.ts';
import type { LocalDeployment } from '../../../cli/access/local-deployment.ts';
import { openRelay } from '../../../cli/access/open-relay.ts';
import { localRunFolder } from '../run-relay.ts';
import { collectorVariables, copierVariables } from '../small-relay.ts';
import { type AwsAccount, type AwsStandIn, startAwsStandIn } from './aws-stand-in.ts';

const dev = { stage: 'dev', region: undefined, settings: undefined, local: false, out: 'out' };

const collector = 'mosaic-relay-dev-cis-collector';
const copier = 'mosaic-relay-dev-cis-s3-copier';
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:copies';
const account: AwsAccount = {
  stacks: {
    'mosaic-relay-dev': {
      outputs: { TableName: 'table', BucketName: 'bucket' },
      resources: [
        [
          [collector, 'AWS::Lambda::Function'],
          ['table', 'AWS::DynamoDB::Table'],
        ],
        [
          [copier, 'AWS::Lambda::Function'],
          ['mosaic-relay-dev-stream-lifecycle', 'AWS::Lambda::Function'],
          ['cis-collect', 'AWS::Scheduler::Schedule'],
        ],
      ],
      functions: {
        [collector]: collectorVariables('bucket'),
        [copier]: copierVariables('bucket', 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead'),
        'mosaic-relay-dev-stream-lifecycle': { TABLE_NAME: 'table' },
      },
      memorySize: 768,
      sources: { [copier]: queueArn },
    },
  },
};

let aws: AwsStandIn | undefined;
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  // Nothing of this machine's own.
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws?.close();
});

async function onAws(of: AwsAccount = account): Promise<void> {
  aws = await startAwsStandIn(of);
  vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
}

test('a stage on AWS is found by its stack, its functions and their sources', async () => {
  await onAws();

  const relay = await openRelay(dev);

  relay.close();
  expect(relay).toMatchObject({
    place: 'stack mosaic-relay-dev in eu-west-1 of account 111122223333',
    region: 'eu-west-1',
    table: 'table',
    bucket: 'bucket',
  });
  expect(relay.streams).toEqual([
    expect.objectContaining({
      name: 'cis',
      id: 'relay-cis',
      functionName: collector,
      memoryMb: 768,
      schedules: { collect: { name: 'cis-collect', group: 'mosaic-relay-dev' } },
    }),
  ]);
  expect(streamOf(relay, 'relay-cis').destinations.map(({ copier: found }) => found?.queueArn)).toEqual([
    queueArn,
    undefined,
  ]);
});

test('the named settings give the region of the stage, also before AWS_REGION', async () => {
  await onAws();
  const folder = await mkdtemp(join(tmpdir(), 'relay-region-'));
  const settings = join(folder, 'stages.mjs');
  await writeFile(settings, "export const stages = { dev: { region: 'ap-southeast-2' } };");

  const found = await Promise.all([
    openRelay({ ...dev, settings }),
    openRelay({ ...dev, settings, region: 'ca-central-1' }),
  ]);

  for (const relay of found) relay.close();
  await rm(folder, { recursive: true });
  expect(found.map(({ region }) => region)).toEqual(['ap-southeast-2', 'ca-central-1']);
});

describe('one line names the sought thing, its place, and the remedy', () => {
  test.each<[string, AwsAccount, RegExp]>([
    [
      'another account or region',
      { stacks: {} },
      /no stack mosaic-relay-dev in eu-west-1 of account 111122223333; see whether --stage, --region/,
    ],
    ['expired credentials', { ...account, refusal: 'ExpiredToken' }, /in eu-west-1: .*expired; log in/],
    [
      'unknown credentials',
      { ...account, refusal: 'InvalidClientTokenId' },
      /does not accept these credentials/,
    ],
    [
      'a table of a newer version',
      { ...account, meta: { schema: { N: '99' } } },
      /table table .* newer version/,
    ],
  ])('%s', async (_, of, message) => {
    await onAws(of);

    const error = await openRelay(dev).catch((each: Error) => each);

    expect(error).toMatchObject({
      name: 'CommandError',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    expect((error as Error).message).not.toContain('\n');
  });

  test('no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');

    await expect(openRelay(dev)).rejects.toThrow(/stack mosaic-relay-dev in eu-west-1: no AWS credentials/);
  });

  test('no region', async () => {
    vi.stubEnv('AWS_REGION', '');

    await expect(openRelay(dev)).rejects.toThrow(/no region is set; say --region/);
  });

  test('a stage that the named settings do not have', async () => {
    const settings = join(import.meta.dirname, '../../../infra/config/stages.ts');

    await expect(openRelay({ ...dev, stage: 'pord', settings })).rejects.toThrow(
      /^stage 'pord' is not in infra\/config\/stages\.ts; the stages there are dev, prod; did you mean prod\?$/,
    );
  });

  test('no server at the address', async () => {
    await onAws();
    await aws!.close();

    await expect(openRelay(dev)).rejects.toThrow(/in eu-west-1: nobody answers there/);
  });
});

describe('of a local run', () => {
  const local: LocalDeployment = {
    version: 1,
    pid: process.pid,
    stage: 'dev',
    stackName: 'mosaic-relay-dev',
    account: '123456789012',
    table: 'table',
    bucket: 'bucket',
    functions: [],
    schedules: [],
    connection: {
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' },
    },
    now: 1_772_000_000_000,
  };

  test.each<[string, string | LocalDeployment, RegExp]>([
    // Above the largest process id of Linux.
    ['one that is over', { ...local, pid: 2 ** 22 + 1 }, /it is over; start one: npm start -- --serve/],
    ['another stage', { ...local, stage: 'prod' }, /is of stage prod; say --stage prod/],
    ['half a file', '{"version":', /cannot be read/],
    ['a file of a later version', JSON.stringify({ ...local, version: 2 }), /of another version/],
  ])('%s', async (_, file, message) => {
    const folder = await localRunFolder(file);

    await expect(openRelay({ ...dev, local: true, out: folder.path })).rejects.toThrow(message);
    await folder.remove();
  });

  test('none at all', async () => {
    await expect(openRelay({ ...dev, local: true, out: '/nonexistent' })).rejects.toThrow(
      /looked for a local run in .*: there is none; start one/,
    );
  });

  test("commands go by the local run's clock", async () => {
    const folder = await localRunFolder(local);

    const relay = await openRelay({ ...dev, local: true, out: folder.path });

    relay.close();
    await folder.remove();
    expect(relay.now()).toBe(1_772_000_000_000);
  });
});
