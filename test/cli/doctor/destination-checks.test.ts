import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import {
  type SplunkHecOptions,
  startAzureLogsIngestion,
  startFirehoseHttpReceiver,
  startGcs,
  startSplunkHec,
} from '@mosaic-relay/siem-receivers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { about } from '../../../cli/doctor/check.ts';
import { checkDestination } from '../../../cli/doctor/destination-checks.ts';
import type { ProbeContext } from '../../../cli/doctor/probes/probe.ts';
import { probeBucket } from '../../../cli/doctor/probes/s3.ts';
import type { Target } from '../../../cli/doctor/targets.ts';
import { destinationStatus } from '../status/statuses.ts';

let aws: LocalAws;
const clock = { now: () => Date.now() };
const secrets = {
  splunk: 'hec-token-value',
  http: 'api-key-value',
  azure: 'azure-secret-value',
};
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  aws = await startLocalAws();
  aws.secrets.put('splunk', JSON.stringify({ hec_token: secrets.splunk }));
  aws.secrets.put('http', JSON.stringify({ api_key: secrets.http }));
  aws.secrets.put('bare', secrets.http);
  const azure = { tenant_id: 'tenant', client_id: 'client', client_secret: secrets.azure };
  aws.secrets.put('azure', JSON.stringify(azure));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => aws.close());

/** The lines of a destination's findings, none of which may hold a secret. */
async function check(target: Target, context: Partial<ProbeContext> = {}): Promise<readonly string[]> {
  const whole = { connection: aws.client, mayWrite: false, ...clock, ...context };
  const findings = await checkDestination('cis', { target }, whole);
  const lines = findings.map(({ verdict, says, remedy = '' }) => `${verdict}: ${says} → ${remedy}`);
  for (const secret of Object.values(secrets)) expect(lines.join()).not.toContain(secret);
  for (const line of lines) expect(line).not.toContain('\n');
  for (const { verdict, remedy } of findings) if (verdict === 'failed') expect(remedy).toBeTruthy();
  return lines;
}

function closing<Thing extends { close(): Promise<void> }>(thing: Thing): Thing {
  closers.push(() => thing.close());
  return thing;
}

describe('Splunk', () => {
  async function splunk(options: Partial<SplunkHecOptions> = {}) {
    const hec = closing(
      await startSplunkHec({ clock, token: secrets.splunk, indexes: ['mosaic'], ...options }),
    );
    const target = {
      name: 'splunk',
      protocol: 'splunk-hec',
      endpoint: hec.url,
      secretId: 'splunk',
      index: 'mosaic',
    } as const;
    return { hec, target };
  }

  test('a token with acknowledgement is well, and nothing is written', async () => {
    const { hec, target } = await splunk();

    const [token, index] = await check(target);

    expect(token).toMatch(/^ok: .* takes the token, with indexer acknowledgement/);
    expect(index).toMatch(/^skipped: whether the token may write to index mosaic shows by an event alone/);
    expect(hec.events).toEqual([]);
  });

  test('with --send, one marked event tells that the index is taken', async () => {
    const { hec, target } = await splunk();

    expect((await check(target, { mayWrite: true }))[1]).toMatch(/^ok: index mosaic took a test event/);
    expect(hec.events.map(({ event }) => JSON.parse(event.toString())._relay)).toEqual([{ test: true }]);
  });

  test('with --send, a wrong index is found and nothing is written', async () => {
    const { hec, target } = await splunk({ indexes: ['main'] });

    expect((await check(target, { mayWrite: true }))[1]).toMatch(
      /^failed: the token may not write to index mosaic/,
    );
    expect(hec.events).toEqual([]);
  });

  test('acknowledgement that is off is found', async () => {
    const { target } = await splunk({ acknowledges: false });

    expect(await check(target)).toEqual([
      expect.stringMatching(
        /^failed: the token has no indexer acknowledgement.* → in Splunk, HEC tokens: enable/,
      ),
    ]);
  });

  test('a token that is refused, or disabled, is found', async () => {
    const other = await splunk({ token: 'another' });
    const { hec, target } = await splunk();
    hec.faults.tokenDisabled = true;

    expect(await check(other.target)).toEqual([expect.stringMatching(/^failed: the token is refused/)]);
    expect(await check(target)).toEqual([expect.stringMatching(/^failed: the token is disabled/)]);
  });

  test("Splunk's web interface in place of the collector is found", async () => {
    const endpoint = await webPage();

    const [found] = await check({ name: 'splunk', protocol: 'splunk-hec', endpoint, secretId: 'splunk' });

    expect(found).toMatch(/^failed: what answers there is no HTTP Event Collector \(200\)/);
  });

  test('no server at the address, and a secret that is missing or of another shape', async () => {
    const target = { name: 'splunk', protocol: 'splunk-hec', endpoint: 'http://127.0.0.1:9' } as const;

    expect((await check({ ...target, secretId: 'splunk' }))[0]).toMatch(/^failed: GET 127.0.0.1:9 failed/);
    expect((await check({ ...target, secretId: 'none' }))[0]).toMatch(
      /^failed: secret none cannot be read \(ResourceNotFoundException\)/,
    );
    expect((await check({ ...target, secretId: 'http' }))[0]).toMatch(
      /^failed: secret http has no hec_token/,
    );
    expect((await check({ ...target, secretId: 'bare' }))[0]).toMatch(
      /^failed: secret bare has no hec_token/,
    );
  });
});

describe('an HTTP endpoint', () => {
  const start = async (accessKey: string) =>
    closing(await startFirehoseHttpReceiver({ clock, accessKey, packing: 'lines', path: '/in' }));
  const target = (url: string) =>
    ({ name: 'http', protocol: 'firehose-http', url, secretId: 'http' }) as const;

  test('that takes the key is well, and got no event', async () => {
    const receiver = await start(secrets.http);

    expect((await check(target(`${receiver.url}/in`)))[0]).toMatch(
      /^ok: .* is there and does not refuse the key/,
    );
    expect(receiver.requests).toEqual([]);
  });

  test('that refuses the key is found', async () => {
    const receiver = await start('another');

    expect((await check(target(`${receiver.url}/in`)))[0]).toMatch(/^failed: .* refuses the key \(40[13]\)/);
  });

  test('never shows the path of its URL, which may be a token', async () => {
    const receiver = await start(secrets.http);

    const lines = await check(target(`${receiver.url}/receiver/token-in-the-path`));

    expect(lines.join()).not.toContain('token-in-the-path');
  });
});

describe('a bucket', () => {
  test('that is there, and one that is missing', async () => {
    aws.s3.createBucket('events');
    const target = { name: 's3', protocol: 's3-bucket' } as const;

    expect((await check({ ...target, bucket: 'events' }))[0]).toMatch(/^ok: bucket events is there/);
    expect((await check({ ...target, bucket: 'nowhere' }))[0]).toMatch(/^failed: there is no bucket nowhere/);
  });

  test('of another account needs statements in its policy, which are given once role and folder are known', async () => {
    const connection = { ...aws.client, endpoint: await bucketOf('999999999999') };
    const target = { name: 's3', protocol: 's3-bucket', bucket: 'lake' } as const;
    const context = { connection, account: '123456789012' };

    expect((await check(target, context))[0]).toMatch(
      /^warning: bucket lake is another account's, .*npx relay doctor prints them after the deploy$/,
    );
    const role = 'arn:aws-us-gov:iam::123456789012:role/delivery';
    const [line = ''] = await check({ ...target, role, folder: 'mosaic/' }, context);
    const statements = JSON.parse(line.slice(line.indexOf('[')));
    expect(statements).toMatchObject([
      { Principal: { AWS: role }, Resource: 'arn:aws-us-gov:s3:::lake' },
      {
        Principal: { AWS: role },
        Action: ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'],
        Resource: 'arn:aws-us-gov:s3:::lake/mosaic/*',
      },
    ]);
  });

  test('of the stage itself is nobody else’s, also where these credentials may not list it', async () => {
    const connection = { ...aws.client, endpoint: await bucketOf('nobody whom it answers', false) };

    const [finding] = await probeBucket({ bucket: 'own', own: true }, { connection }, about('journal'));

    expect(finding).toMatchObject({ verdict: 'warning', remedy: expect.stringContaining('s3:ListBucket') });
    expect(finding?.remedy).not.toContain('policy');
  });

  test('of the own account is no other account’s', async () => {
    const connection = { ...aws.client, endpoint: await bucketOf('123456789012') };
    const target = { name: 's3', protocol: 's3-bucket', bucket: 'lake' } as const;
    expect((await check(target, { connection, account: '123456789012' }))[0]).toMatch(/^ok: /);
  });

  /** Answers HeadBucket as S3 does where the caller may see the bucket: 403 for another owner than the expected one. */
  async function bucketOf(owner: string, mayList = true): Promise<string> {
    const server = createServer((request, response) => {
      const expected = request.headers['x-amz-expected-bucket-owner'];
      const isRight = expected === undefined || expected === owner;
      response.writeHead(mayList && isRight ? 200 : 403).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

describe('Google Cloud Storage', () => {
  const audience =
    '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/relay/providers/aws-relay';
  const credentials = { accessKeyId: 'ASIAX', secretAccessKey: 'secret', sessionToken: 'session' };
  // As on AWS: the exchange is signed with the credentials, and sent to Google alone.
  const connection = { region: 'us-east-1', credentials };

  async function gcs(accountId = '123456789012', lets = false) {
    const server = await startGcs({
      clock,
      buckets: ['events'],
      providers: [{ audience, accountId, condition: () => lets }],
      identify: () => ({ ...credentials, roleArn: 'arn:aws:iam::123456789012:role/admin' }),
      grantedTo: () => false,
    });
    closing(server);
    return {
      name: 'gcs',
      protocol: 'google-storage',
      url: server.url,
      stsUrl: server.url,
      bucket: 'events',
      audience,
    } as const;
  }

  test('a bucket, and a provider whose condition lets in only other identities, are well', async () => {
    expect(await check(await gcs(), { connection })).toEqual([
      expect.stringMatching(/^ok: bucket events is there/),
      expect.stringMatching(/^ok: identity provider relay\/providers\/aws-relay knows this AWS account/),
    ]);
  });

  test('a bucket and a provider that are missing are found', async () => {
    const target = { ...(await gcs()), bucket: 'nowhere', audience: audience.replace('aws-relay', 'other') };

    expect(await check(target, { connection })).toEqual([
      expect.stringMatching(/^failed: there is no bucket nowhere/),
      expect.stringMatching(/^failed: there is no identity provider relay\/providers\/other/),
    ]);
  });

  test('a provider of another AWS account is found', async () => {
    const [, federation] = await check(await gcs('999999999999'), { connection });

    expect(federation).toMatch(
      /^failed: identity federation is refused \(invalid_grant\) → .*this AWS account/,
    );
  });

  test('a provider that lets everybody of the account in is a warning', async () => {
    const [, federation] = await check(await gcs('123456789012', true), { connection });

    expect(federation).toMatch(/^warning: .* lets these credentials in/);
  });
});

describe('Sentinel', () => {
  const rule = `dcr-${'0'.repeat(32)}`;

  async function sentinel(clientSecret = secrets.azure) {
    const azure = await startAzureLogsIngestion({
      clock,
      application: { tenantId: 'tenant', clientId: 'client', clientSecret },
      ruleId: rule,
      stream: 'Custom-Events_CL',
    });
    closing(azure);
    const target = {
      name: 'sentinel',
      protocol: 'azure-logs',
      url: azure.url,
      entraUrl: azure.url,
      audience: 'monitor.azure.com',
      secretId: 'azure',
      rule,
      table: 'Custom-Events_CL',
    } as const;
    return { azure, target };
  }

  test('a secret that Entra takes and a rule that admits its application are well, and no row is sent', async () => {
    const { azure, target } = await sentinel();

    expect(await check(target)).toEqual([
      expect.stringMatching(/^ok: Entra gives a token, and the rule takes it/),
    ]);
    expect(azure.events).toEqual([]);
  });

  test('a refused secret, a missing role, a missing rule and a wrong table are found', async () => {
    const { azure, target } = await sentinel();
    const refused = await sentinel('another');

    expect((await check(refused.target))[0]).toMatch(/^failed: Entra answered 40\d \(invalid_client\)/);
    expect((await check({ ...target, rule: `dcr-${'1'.repeat(32)}` }))[0]).toMatch(
      /^failed: .* has no rule dcr-1/,
    );
    expect((await check({ ...target, table: 'Custom-Other_CL' }))[0]).toMatch(
      /^failed: the rule has no stream/,
    );
    azure.faults.roleMissing = true;
    expect((await check(target))[0]).toMatch(/^failed: the application may not send to the rule/);
  });
});

test('deliveries that failed, refused copies and what waits are told beside the probe, with a log group to paste', async () => {
  const logGroup = '/mosaic-siem-relay/dev/cis/s3';
  const target = { name: 's3', protocol: 'unprobed', why: 'not here', logGroup } as const;
  const status = destinationStatus({
    name: 's3',
    verdict: 'failing',
    deliverySuccess: 0.25,
    copiesRefused: 2,
    waiting: { deadLetters: { events: 40, known: 'about' } },
    oldestAt: clock.now() - 12_000_000,
  });
  const findings = await checkDestination(
    'cis',
    { target, status },
    { connection: aws.client, mayWrite: false, ...clock },
  );

  expect(findings.map(({ verdict, says, remedy }) => `${verdict}: ${says} → ${remedy}`)).toEqual([
    'skipped: not here → undefined',
    `failed: of the last deliveries 25% succeeded → see log group ${logGroup}, then docs/runbook.md`,
    "failed: 2 copies were refused in the last hour: the copier's role is not let in → " +
      `see log group ${logGroup}, and docs/gcs.md or docs/sentinel.md`,
    'failed: its receiver has not got about 40 events in dead letters; the oldest for 3 h 20 min → ' +
      `remove the cause first: log group ${logGroup}`,
  ]);
});

async function webPage(): Promise<string> {
  const server = createServer((_, response) => response.end('<html>Splunk</html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
