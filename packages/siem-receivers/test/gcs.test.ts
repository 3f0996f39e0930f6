import { createHash } from 'node:crypto';
import { AwsClient } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Gcs, startGcs } from '../gcs.ts';

const audience =
  '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';
const before = { ...process.env };
let gcs: Gcs;
let authorization: string;
let now: number;

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'ASIACOPIER';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_SESSION_TOKEN = 'session';
  process.env.AWS_REGION = 'us-east-1';
  now = Date.now();
  const roleArn = 'arn:aws:iam::111122223333:role/copier';
  gcs = await startGcs({
    clock: { now: () => now },
    buckets: ['events'],
    providers: [{ audience, accountId: '111122223333' }],
    identify: () => ({ secretAccessKey: 'secret', sessionToken: 'session', roleArn }),
    grantedTo: ({ awsRole }) => awsRole.endsWith('/copier'),
  });
  const client = new AwsClient({
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
    token_url: `${gcs.url}/v1/token`,
    credential_source: {
      environment_id: 'aws1',
      regional_cred_verification_url:
        'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
    },
  });
  authorization = `Bearer ${(await client.getAccessToken()).token}`;
});

afterEach(async () => {
  process.env = { ...before };
  await gcs.close();
});

async function upload(query: string, body = 'bytes', headers: Record<string, string> = {}) {
  const response = await fetch(`${gcs.url}/upload/storage/v1/b/events/o?${query}`, {
    method: 'POST',
    body,
    headers: { authorization, 'content-type': 'application/gzip', ...headers },
  });
  return { status: response.status, text: await response.text() };
}

describe('Google Cloud Storage', () => {
  test('a role that may not delete cannot overwrite, with or without a precondition', async () => {
    expect(await upload('uploadType=media&name=a')).toMatchObject({ status: 200 });
    const overwritten = await upload('uploadType=media&name=a', 'other');
    expect(overwritten).toMatchObject({
      status: 403,
      text: expect.stringContaining('storage.objects.delete'),
    });
    expect(await upload('uploadType=media&name=a&ifGenerationMatch=1', 'other')).toMatchObject({
      status: 403,
    });
    expect(await upload('uploadType=media&name=a&ifGenerationMatch=0', 'other')).toMatchObject({
      status: 412,
    });
    expect(gcs.objectsOf().get('a')?.bytes.toString()).toBe('bytes');
  });

  test('a role that may delete overwrites, unless the precondition forbids it', async () => {
    gcs.faults.permissions = ['storage.objects.create', 'storage.objects.delete'];
    await upload('uploadType=media&name=a');
    expect(await upload('uploadType=media&name=a&ifGenerationMatch=0', 'other')).toMatchObject({
      status: 412,
    });
    expect(await upload('uploadType=media&name=a', 'other')).toMatchObject({ status: 200 });
    expect(gcs.objectsOf().get('a')).toMatchObject({ generation: 2 });
  });

  test('an upload that does not match its checksum is refused', async () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('base64');
    const name = 'uploadType=media&name=a';
    expect(await upload(name, 'bytes', { 'x-goog-hash': `md5=${md5('other')}` })).toMatchObject({
      status: 400,
    });
    expect(gcs.objectsOf().size).toBe(0);
    expect(await upload(name, 'bytes', { 'x-goog-hash': `md5=${md5('bytes')}` })).toMatchObject({
      status: 200,
    });
  });

  test.each([
    ['another kind of upload', 'uploadType=resumable&name=a'],
    ['an unknown parameter', 'uploadType=media&name=a&predefinedAcl=publicRead'],
    ['no name', 'uploadType=media'],
    ['a name with a line break', 'uploadType=media&name=a%0Ab'],
    ['a precondition that is no number', 'uploadType=media&name=a&ifGenerationMatch=none'],
  ])('%s is refused', async (_, query) => {
    expect(await upload(query)).toMatchObject({ status: 400 });
    expect(gcs.objectsOf().size).toBe(0);
  });

  test('a token works for an hour', async () => {
    now += 3_599_000;
    expect(await upload('uploadType=media&name=a')).toMatchObject({ status: 200 });
    now += 1_000;
    expect(await upload('uploadType=media&name=b')).toMatchObject({ status: 401 });
  });
});
