import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSecretReaders } from '../../../cli/doctor/secrets/secret-checks.ts';
import { subjectOfRelay, subjectOfSettings } from '../../../cli/doctor/subject.ts';
import type { DestinationSettings } from '../../../infra/destinations/destination-kinds.ts';
import { deployedRelay } from '../../../local/run/deployed-relay.ts';
import { deployLocally, type LocalDeployment } from '../../infra/local-deployment.ts';
import { stageOf, stageSettings } from '../../infra/synthesized.ts';

const account = '123456789012';
const region = 'us-east-1';
const arnOf = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const key = `arn:aws:kms:${region}:${account}:key/own`;
const otherKey = `arn:aws:kms:${region}:${account}:key/other`;
const splunk = {
  kind: 'splunk',
  endpoint: 'https://splunk.acme.test:8088',
  secret: arnOf('splunk'),
} as const;
const sentinel = {
  kind: 'sentinel',
  endpoint: 'https://acme-x1y2.westeurope-1.ingest.monitor.azure.com',
  rule: `dcr-${'0'.repeat(32)}`,
  table: 'Custom-MosaicEvents_CL',
  secret: arnOf('azure'),
  secretKey: key,
} as const;
const http = {
  kind: 'http',
  url: 'https://siem.acme.test/firehose',
  packing: 'single',
  secret: arnOf('http'),
} as const;

const root = { AWS: `arn:aws:iam::${account}:root` };
const usual = { Sid: 'Root', Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: root };
const policyOf = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

function streamWith(destinations: readonly DestinationSettings[]) {
  return { name: 'cis', id: 'relay-cis', type: 'cis', destinations } as const;
}

let stack: LocalDeployment;

beforeAll(async () => {
  stack = await deployLocally({
    settings: { account, region, streams: [streamWith([splunk, sentinel, http])] },
  });
  // The operator's own reading succeeds throughout: nothing of this shows to GetSecretValue.
  for (const { secret } of [splunk, http]) stack.world.secrets.describe(secret, { key: otherKey });
  stack.world.secrets.describe(sentinel.secret, { key });
}, 120_000);
afterAll(() => stack?.close());

/** A line for each role that reads a secret, by the end of what it is about. */
async function lines(endpoint?: string): Promise<Readonly<Record<string, string>>> {
  const relay = deployedRelay(stack.world, 'test');
  try {
    const subject = (await subjectOfRelay(relay, true))!;
    const connection = endpoint === undefined ? subject.connection : { ...subject.connection, endpoint };
    const findings = await checkSecretReaders({ ...subject, connection });
    return Object.fromEntries(
      findings.map(({ about, verdict, says, remedy = '' }) => [
        /[^ /]+$/.exec(about)![0],
        `${verdict} ${about}: ${says} → ${remedy}`,
      ]),
    );
  } finally {
    relay.close();
  }
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Passes every call on, but for those to IAM. */
async function iamThatAnswers(xml: string): Promise<string> {
  const server = createServer(async (call, answer) => {
    const parts: Buffer[] = [];
    for await (const part of call) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    if (body.includes('Action=SimulatePrincipalPolicy')) {
      answer.end(`<SimulatePrincipalPolicyResponse>${xml}</SimulatePrincipalPolicyResponse>`);
      return;
    }
    const { method, headers, url = '/' } = call;
    const passed = request(new URL(url, stack.world.gatewayUrl), { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(answer);
    });
    passed.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('after a deploy, doctor asks as the role would', () => {
  test('a key that the settings do not name is found, and one that they do is well', async () => {
    for (const one of [key, otherKey])
      stack.world.kms.put(one, { state: 'Enabled', policy: policyOf(usual) });

    const { cis: mosaic, splunk: toSplunk, sentinel: toSentinel, http: toHttp } = await lines();

    expect(mosaic).toMatch(/^ok secret of stream cis: the collector's role may read it; .* AWS's own key/);
    expect(toSplunk).toBe(
      `failed secret of destination cis/splunk: Firehose's role is not allowed to decrypt with key ${otherKey} of secret splunk-AbCdEf → give secretKey: '${otherKey}' beside this secret in the settings, and deploy`,
    );
    expect(toSentinel).toBe(
      `ok secret of destination cis/sentinel: the copier's role may read it, and decrypt with its key ${key} → `,
    );
    expect(toHttp).toMatch(/^failed secret of destination cis\/http: Firehose's role is not allowed/);
  });

  test.each([
    [
      'is silent',
      policyOf({ ...usual, Action: 'kms:Describe*' }),
      /^failed .* does not let the copier's role decrypt → allow kms:Decrypt there to arn:aws:iam::123456789012:root/,
    ],
    [
      'denies it',
      policyOf(usual, { ...usual, Sid: 'Never', Effect: 'Deny' }),
      /^failed .* denies it to the copier's role: Never/,
    ],
    [
      'asks for what nobody here knows',
      policyOf({ ...usual, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      /^warning .* cannot be known: Root asks for something that only AWS knows/,
    ],
  ])('a key whose policy %s is told', async (_, policy, expected) => {
    stack.world.kms.put(key, { state: 'Enabled', policy });

    expect((await lines()).sentinel).toMatch(expected);
  });

  test('a key that is disabled, or that nobody can be asked about, is told', async () => {
    stack.world.kms.put(key, { state: 'PendingDeletion', policy: policyOf(usual) });
    expect((await lines()).sentinel).toMatch(/^failed .* is PendingDeletion/);

    stack.world.secrets.describe(sentinel.secret, { key: `${key}-elsewhere` });
    expect((await lines()).sentinel).toMatch(
      /^warning .* cannot be known: kms:DescribeKey answered NotFoundException/,
    );
    stack.world.secrets.describe(sentinel.secret, { key });
  });

  test("a secret's own policy that denies the role is told", async () => {
    stack.world.kms.put(key, { state: 'Enabled', policy: policyOf(usual) });
    const denial = { Effect: 'Deny', Action: 'secretsmanager:*', Resource: '*', Principal: '*' };
    stack.world.secrets.describe(sentinel.secret, { key, policy: policyOf(denial) });

    expect((await lines()).sentinel).toMatch(
      /^failed .* the policy of secret .* denies it to the copier's role/,
    );
  });

  test.each([
    ['denies it', '<EvalDecision>explicitDeny</EvalDecision>'],
    [
      'does not allow it',
      '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail><EvalDecision>implicitDeny</EvalDecision>',
    ],
  ])(
    'an organization that %s is told, though the policies of secret and key let the role in',
    async (_, xml) => {
      const everybody = { Effect: 'Allow', Action: '*', Resource: '*', Principal: { AWS: '*' } };
      stack.world.kms.put(key, { state: 'Enabled', policy: policyOf(everybody) });
      stack.world.secrets.describe(sentinel.secret, { key, policy: policyOf(everybody) });
      expect((await lines()).sentinel).toMatch(/^ok /);

      expect((await lines(await iamThatAnswers(xml))).sentinel).toMatch(
        /^failed .* the copier's role is denied to .*the organization's policies/,
      );
    },
  );

  test('nothing of that was a call that this account does not know, or a use of a permission', () => {
    expect(stack.world.refusals).toEqual([]);
    expect(stack.world.denials).toEqual([]);
  });
});

describe('before a deploy, the settings stand for the role', () => {
  test('a key that they do not name is found, and one that they do is well', async () => {
    for (const one of [key, otherKey])
      stack.world.kms.put(one, { state: 'Enabled', policy: policyOf(usual) });
    stack.world.secrets.describe(sentinel.secret, { key });
    const { accessKeyId, secretAccessKey, sessionToken } = stack.world.operatorCredentials();
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const connection = { region, endpoint: stack.world.gatewayUrl, credentials };
    const settings = stageSettings({ account, region, streams: [streamWith([splunk, sentinel])] });
    const subject = subjectOfSettings(stageOf(settings), { connection, place: region });

    const found = await checkSecretReaders(subject);

    expect(found.map(({ verdict, says }) => `${verdict}: ${says}`).toSorted()).toEqual([
      `failed: Firehose's role would not be allowed to decrypt with key ${otherKey} of secret splunk-AbCdEf`,
      "ok: the collector's role may read it; it is under AWS's own key",
      `ok: the copier's role may read it, and decrypt with its key ${key}`,
    ]);
  });

  test('the account of the credentials is that of a stage whose settings name none', () => {
    const stage = stageOf(stageSettings());
    expect(subjectOfSettings(stage, { connection: { region }, place: region, account }).account).toBe(
      account,
    );
    expect(
      subjectOfSettings(
        { ...stage, account: '999988887777' },
        { connection: { region }, place: region, account },
      ).account,
    ).toBe('999988887777');
  });

  test('a secret of another account needs its policy, and a key that can be used from here', async () => {
    const foreign = { ...http, secret: http.secret.replace(account, '999988887777') };
    const { accessKeyId, secretAccessKey, sessionToken } = stack.world.operatorCredentials();
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const connection = { region, endpoint: stack.world.gatewayUrl, credentials };
    const settings = stageSettings({ account, region, streams: [streamWith([foreign])] });
    const subject = subjectOfSettings(stageOf(settings), { connection, place: region });
    const told = async () => {
      const found = await checkSecretReaders(subject);
      return found
        .filter(({ about }) => about.endsWith('http'))
        .map(({ verdict, says }) => `${verdict} ${says}`);
    };

    stack.world.secrets.put(foreign.secret, '{"api_key":"value"}');
    stack.world.secrets.describe(foreign.secret, { key: otherKey });
    expect((await told())[0]).toMatch(/^failed .* another account's, and its policy does not let .* in$/);

    const lets = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', Principal: root };
    stack.world.secrets.describe(foreign.secret, { policy: policyOf(lets) });
    expect((await told())[0]).toMatch(/^failed .* under AWS's own key there, which .* cannot use$/);
  });
});
