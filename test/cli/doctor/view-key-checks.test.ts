import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBucket } from '../../../cli/access/bucket.ts';
import { checkSecretReaders } from '../../../cli/doctor/secrets/secret-checks.ts';
import { checkViewKeys } from '../../../cli/doctor/secrets/view-key-checks.ts';
import { subjectOfRelay, subjectOfSettings } from '../../../cli/doctor/subject.ts';
import { compileView, viewLabel } from '../../../functions/stored/compiled-view.ts';
import { keptViewKey, writeKeptView } from '../../../functions/stored/kept-view.ts';
import { deployedRelay } from '../../../local/run/deployed-relay.ts';
import { deployLocally, type LocalDeployment } from '../../infra/local-deployment.ts';
import { stageOf, stageSettings } from '../../infra/synthesized.ts';

const account = '123456789012';
const region = 'us-east-1';
const arnOf = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const secret = arnOf('view');
const kmsKey = `arn:aws:kms:${region}:${account}:key/own`;
const masked = { members: { ip: 'mask' }, key: secret } as const;
const label = viewLabel('analysts', compileView(masked));
const settings = {
  account,
  region,
  views: {
    analysts: { ...masked, secretKey: kmsKey },
    quiet: { activities: { drop: ['get_user'] } },
  },
  streams: [
    {
      name: 'cis',
      id: 'relay-cis',
      type: 'cis',
      destinations: [
        { kind: 's3', name: 'lake', view: 'analysts' },
        { kind: 's3', name: 'rest', view: 'quiet' },
      ],
    },
    { name: 'admin', id: 'relay-admin', type: 'admin', destinations: [{ kind: 's3' }] },
  ],
} as const;
const good = JSON.stringify({ id: 'p1', key: Buffer.alloc(32, 7).toString('base64') });
const root = { AWS: `arn:aws:iam::${account}:root` };
const usual = { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: root };
const policyOf = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

let stack: LocalDeployment;
beforeAll(async () => {
  stack = await deployLocally({ settings });
  stack.world.kms.put(kmsKey, { state: 'Enabled', policy: policyOf(usual) });
}, 120_000);
afterAll(() => stack?.close());

/** A line for each finding about views. */
async function lines(): Promise<readonly string[]> {
  const relay = deployedRelay(stack.world, 'test');
  try {
    const subject = (await subjectOfRelay(relay, true))!;
    const findings = [...(await checkViewKeys(subject)), ...(await checkSecretReaders(subject))];
    return findings
      .filter(({ about }) => about.includes('view'))
      .map(({ about, verdict, says, remedy = '' }) => `${verdict} ${about}: ${says} → ${remedy}`);
  } finally {
    relay.close();
  }
}

function put(
  value: string,
  facts: { readonly key?: string; readonly policy?: unknown } = { key: kmsKey },
): void {
  stack.world.secrets.put(secret, value);
  stack.world.secrets.describe(secret, facts);
}

test('a view that no run has delivered by is not known yet, and one without a key is no finding then', async () => {
  const found = await lines();

  expect(found.filter((line) => line.includes(label))).toEqual([
    `skipped key of view ${label} of stream cis: the collector keeps it in the bucket when it first delivers by it → `,
  ]);
  await keepViews();
  put(good);
  expect((await lines()).join('\n')).not.toContain('quiet');
});

test('a key that is there, well-formed and read by its collector alone is well, and doctor says what it cannot know', async () => {
  put(good);

  expect(await lines()).toEqual([
    `ok key of view ${label}: ${secret} has the id p1 and a key of 32 bytes → `,
    `ok readers of the key of view ${label}: no other role of these streams may read it; which principals of the account may by policies of their own, IAM does not tell → `,
    `ok secret of view ${label} of stream cis: the collector's role may read it, and decrypt with its key ${kmsKey} → `,
  ]);
});

test.each([
  ['short', JSON.stringify({ id: 'p1', key: Buffer.alloc(31).toString('base64') }), /its key has 31 bytes/],
  ['no base64', JSON.stringify({ id: 'p1', key: '!' }), /its key is not base64/],
  ['without an id', JSON.stringify({ key: Buffer.alloc(32).toString('base64') }), /it has no id/],
  ['no JSON', 'hunter2 hunter2', /it has no id/],
])('a key that is %s fails, and is not shown', async (_, value, says) => {
  put(value);

  const [form] = await lines();
  expect(form).toMatch(/^failed key of view/);
  expect(form).toMatch(says);
  expect(form).toContain('openssl rand -base64 32');
  expect(form).not.toMatch(/hunter2|AAAA/);
});

test('a new key under the id of the one before is told, and one with an id of its own is well', async () => {
  const keyOf = (id: string, byte: number) =>
    JSON.stringify({ id, key: Buffer.alloc(32, byte).toString('base64') });
  put(keyOf('p1', 8));
  put(keyOf('p1', 9));
  const [sameId] = await lines();
  put(keyOf('p2', 10));
  const [ownId] = await lines();
  put('malformed');
  put(keyOf('p2', 11));
  const [afterMalformed] = await lines();

  expect(sameId).toBe(
    `warning key of view ${label}: ${secret} has a new key under the id p1 of the one before: neither pseudonyms nor lines tell the two apart → give the next key an id of its own`,
  );
  for (const line of [ownId, afterMalformed]) expect(line).toMatch(/^ok key of view .* has the id p2 /);
  put(good);
  put(good);
});

test("a secretKey that the settings do not name beside the view's key is found", async () => {
  const other = `arn:aws:kms:${region}:${account}:key/other`;
  stack.world.kms.put(other, { state: 'Enabled', policy: policyOf(usual) });
  put(good, { key: other });

  expect((await lines()).at(-1)).toMatch(
    /^failed secret of view .* of stream cis: the collector's role is not allowed to decrypt with key .*other/,
  );
});

test.each([
  ['everybody', '*', '\\*'],
  ['another account', { AWS: '999988887777' }, '999988887777'],
  ['another role', { AWS: `arn:aws:iam::${account}:role/analyst` }, 'arn:aws:iam::123456789012:role/analyst'],
])("a secret's policy that lets %s in is told", async (_, Principal, named) => {
  const statement = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', Principal };
  put(good, { key: kmsKey, policy: policyOf(statement) });

  expect((await lines())[1]).toMatch(
    new RegExp(`^warning readers of the key of view .*: the secret's policy lets ${named} read it`),
  );
});

test("a secret's policy that leaves it to the account, or lets the collector alone in, is well", async () => {
  const statement = { Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*', Principal: root };
  put(good, { key: kmsKey, policy: policyOf(statement) });

  expect((await lines())[1]).toMatch(/^ok readers of the key/);
});

test('a role of another stream, or of Firehose, that may read the key is told', async () => {
  put(good);
  const relay = deployedRelay(stack.world, 'test');
  try {
    const subject = (await subjectOfRelay(relay, true))!;
    // As if the view belonged to the other stream: the role that reads it is then the wrong one.
    const streams = subject.streams.map((stream) => ({
      ...stream,
      views: stream.name === 'admin' ? subject.streams.find(({ name }) => name === 'cis')!.views : [],
    }));
    const [, readers] = await checkViewKeys({ ...subject, streams });
    expect(readers).toMatchObject({
      verdict: 'failed',
      says: "the collector's role of stream cis may read it",
    });
  } finally {
    relay.close();
  }
});

test('before a deploy the settings name the key, and a secret that is missing fails', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = stack.world.operatorCredentials();
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const connection = { region, endpoint: stack.world.gatewayUrl, credentials };
  const subject = subjectOfSettings(stageOf(stageSettings(settings)), { connection, place: region });
  put(good);
  expect((await checkViewKeys(subject)).map(({ about, verdict }) => `${verdict} ${about}`)).toEqual([
    'ok key of view analysts',
    'skipped readers of the key of view analysts',
  ]);
  const read = (await checkSecretReaders(subject)).find(({ about }) => about.includes('view analysts'));
  expect(read).toMatchObject({ verdict: 'ok' });

  stack.world.secrets.remove(secret);
  expect((await checkViewKeys(subject))[0]).toMatchObject({
    verdict: 'failed',
    says: `there is no secret ${secret}; the destinations of its views get nothing`,
  });
});

/** As the collector of `cis` does. */
async function keepViews(): Promise<void> {
  const relay = deployedRelay(stack.world, 'test');
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  for (const [name, view] of Object.entries(settings.views)) {
    const compiled = compileView(view);
    const body = Buffer.from(writeKeptView(compiled));
    await bucket.put(keptViewKey('cis', viewLabel(name, compiled)), { body, metadata: {} });
  }
  relay.close();
}
