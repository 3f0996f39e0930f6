import { AwsClient } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Gcs, startGcs } from '../gcs.ts';
import type { AwsAssertion, AwsIdentity } from '../signed-caller-identity.ts';
import recorded from './fixtures/google-auth-library-10.9.1.json' with { type: 'json' };

const audience =
  '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';
const identity: AwsIdentity = {
  secretAccessKey: 'recorded-secret-of-no-account',
  sessionToken: 'recorded-session-token',
  roleArn: 'arn:aws:iam::111122223333:role/relay/mosaic-relay-dev-verify-gcs-copier',
};
const role = 'arn:aws:sts::111122223333:assumed-role/mosaic-relay-dev-verify-gcs-copier';
const before = { ...process.env };
let gcs: Gcs;

beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'ASIARECORDEDEXAMPLE0';
  process.env.AWS_SECRET_ACCESS_KEY = identity.secretAccessKey;
  process.env.AWS_SESSION_TOKEN = identity.sessionToken;
  process.env.AWS_REGION = 'eu-central-1';
});

afterEach(async () => {
  process.env = { ...before };
  await gcs.close();
});

async function start(
  options: {
    readonly now?: () => number;
    readonly accountId?: string;
    readonly role?: string;
    readonly subject?: (assertion: AwsAssertion) => string;
  } = {},
) {
  gcs = await startGcs({
    clock: { now: options.now ?? Date.now },
    buckets: ['events'],
    identify: (accessKeyId) => (accessKeyId === 'ASIARECORDEDEXAMPLE0' ? identity : undefined),
    providers: [
      {
        audience,
        accountId: options.accountId ?? '111122223333',
        subject: options.subject,
        condition: ({ awsRole }) => awsRole === (options.role ?? role),
      },
    ],
    grantedTo: ({ awsRole }) => awsRole === role,
  });
}

function client(changes: { readonly audience?: string } = {}): AwsClient {
  return new AwsClient({
    type: 'external_account',
    audience: changes.audience ?? audience,
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
    token_url: `${gcs.url}/v1/token`,
    credential_source: {
      environment_id: 'aws1',
      regional_cred_verification_url:
        'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
    },
  });
}

describe("Google's token exchange", () => {
  test("Google's own library gets a token that the bucket takes", async () => {
    await start();
    const { token } = await client().getAccessToken();
    const response = await fetch(`${gcs.url}/storage/v1/b/events/o/none`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(404);
    expect(gcs.refusals.map(({ reason }) => reason)).toEqual(['No such object: events/none']);
  });

  test("the bytes that Google's library once sent are still taken", async () => {
    await start({ now: () => Date.parse('2026-11-22T12:18:00Z') });
    const { 'content-type': contentType } = recorded.headers;
    const sent = { method: recorded.method, body: recorded.body, headers: { 'content-type': contentType } };
    const response = await fetch(`${gcs.url}${recorded.path}`, sent);
    expect(await response.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  });

  test('a signature that is 15 minutes old is refused', async () => {
    await start({ now: () => Date.now() + 16 * 60_000 });
    await expect(client().getAccessToken()).rejects.toThrow('invalid_grant: the date is');
  });

  test.each([
    ['secret', { AWS_SECRET_ACCESS_KEY: 'other' }, 'the signature does not match'],
    ['session token', { AWS_SESSION_TOKEN: 'other' }, 'the session token is not of the access key'],
    ['access key', { AWS_ACCESS_KEY_ID: 'ASIAOTHER' }, 'the access key is unknown'],
  ])('another %s is refused', async (_, changes, reason) => {
    await start();
    Object.assign(process.env, changes);
    await expect(client().getAccessToken()).rejects.toThrow(reason);
  });

  test('another provider, account or role is refused', async () => {
    await start();
    await expect(client({ audience: `${audience}x` }).getAccessToken()).rejects.toThrow('invalid_target');
    await gcs.close();
    await start({ accountId: '999999999999' });
    await expect(client().getAccessToken()).rejects.toThrow("not the provider's");
    await gcs.close();
    await start({ role: 'arn:aws:sts::111122223333:assumed-role/other' });
    await expect(client().getAccessToken()).rejects.toThrow('attribute condition');
  });

  test('a mapping to a subject that may be longer than 127 bytes is found out', async () => {
    await start({ subject: ({ arn }) => `${arn}${'x'.repeat(64)}` });
    await expect(client().getAccessToken()).rejects.toThrow('127 bytes');
  });
});
