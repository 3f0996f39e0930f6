import { accountId, createSts, type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { type Simulator, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkCredentials } from '../../../cli/doctor/account-checks.ts';
import { checkMosaic } from '../../../cli/doctor/mosaic-checks.ts';
import { runRelay } from '../local-stage.ts';

let aws: LocalAws;
let mosaic: Simulator;

beforeAll(async () => {
  aws = await startLocalAws();
  aws.gateway.register(createSts({ accountId, identities: aws.identities }));
  mosaic = await startSimulator({ clock: { now: Date.now }, seed: 1, switches: [] });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await aws.close();
  await mosaic.close();
});

describe('credentials', () => {
  test('of the stage’s account and region are well', async () => {
    const found = await checkCredentials(aws.client, { account: accountId, region: 'us-east-1' });

    expect(found).toMatchObject({
      account: accountId,
      finding: { verdict: 'ok', says: expect.stringContaining(`account ${accountId} in us-east-1`) },
    });
  });

  test('of another account or region are found', async () => {
    const account = await checkCredentials(aws.client, { account: '999999999999' });
    const region = await checkCredentials(aws.client, { region: 'eu-west-1' });

    expect(account.finding).toMatchObject({
      verdict: 'failed',
      says: expect.stringContaining('the stage of 999999999999'),
    });
    expect(region.finding).toMatchObject({ verdict: 'failed', remedy: 'say --region eu-west-1' });
  });

  test('that AWS does not know are found', async () => {
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'x' };

    const found = await checkCredentials({ ...aws.client, credentials }, undefined);

    expect(found.finding).toMatchObject({
      verdict: 'failed',
      says: expect.stringContaining('AWS does not accept these'),
    });
  });
});

describe('the secret and its token', () => {
  const address = () => ({ url: mosaic.url, apiVersion: 'v1', secretId: 'mosaic' });
  const found = async (secret: string) => {
    aws.secrets.put('mosaic', secret);
    const findings = await checkMosaic(address(), aws.client);
    return findings.map(({ about, verdict, says }) => `${about} ${verdict}: ${says}`);
  };

  test('that Mosaic takes are well, and no event is read', async () => {
    const { clientId, clientSecret } = mosaic;

    expect(await found(JSON.stringify({ client_id: clientId, client_secret: clientSecret }))).toEqual([
      'secret ok: mosaic has client_id and client_secret',
      expect.stringMatching(/^token ok: /),
    ]);
    expect(mosaic.calls.map(({ operation }) => operation)).toEqual(['token']);
  });

  test('that Mosaic refuses are found, without the secret', async () => {
    const lines = await found(JSON.stringify({ client_id: mosaic.clientId, client_secret: 'not-this-one' }));

    expect(lines[1]).toMatch(/^token failed: .*40\d/);
    expect(lines.join()).not.toContain('not-this-one');
  });

  test('of another shape are found, without the secret', async () => {
    expect(await found('{"clientId": "a", "clientSecret": "not-this-one"}')).toEqual([
      expect.stringMatching(
        /^secret failed: Secret mosaic must hold .* it has no client_id and no client_secret/,
      ),
      'token skipped: there is nothing to ask for it with',
    ]);
  });
});

describe('without a login', () => {
  const withNothing = () => {
    for (const name of [
      'AWS_PROFILE',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  };

  test("doctor gives the remedy, and refuses the settings' example values", async () => {
    withNothing();
    const { code, out, problems } = await runRelay(['doctor', '--stage', 'prod']);

    expect(code).toBe(1);
    expect(problems).toBe('');
    expect(out).toMatch(/^FAILED {3}settings: \d+ values are examples: .*stages\.prod\.account/m);
    expect(out).toMatch(/^FAILED {3}credentials: .*no AWS credentials were found → log in/m);
  });

  test.each(['status', 'pause --all --yes', 'resume --all', 'run-now --stream cis', 'runs --stream cis'])(
    '%s says so in one line',
    async (args) => {
      withNothing();
      const words = [...args.split(' '), '--region', 'eu-west-1'];

      const { code, out, problems } = await runRelay(words);

      expect(code).toBe(2);
      expect(out).toBe('');
      expect(problems).toMatch(
        /looked for stack mosaic-relay-dev in eu-west-1: no AWS credentials were found; log in/,
      );
      expect(problems.split('\n')).toHaveLength(1);
    },
  );

  test('and without a region, too', async () => {
    withNothing();

    expect(await runRelay(['status'])).toMatchObject({
      code: 2,
      problems: expect.stringContaining('no region is set; say --region'),
    });
  });

  test('and doctor says of a stage that is not in the settings nothing else', async () => {
    withNothing();

    const { code, out } = await runRelay(['doctor', '--stage', 'nope']);

    expect(code).toBe(1);
    expect(out).toMatch(
      /^FAILED +settings: stage 'nope' is not in [^\n]*; the stages there are dev, prod → [^\n]*\n1 check failed$/,
    );
  });
});
