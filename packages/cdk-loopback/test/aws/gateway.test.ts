import { DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AwsCall } from '../../aws/aws-call.ts';
import type { Authorization } from '../../aws/gateway.ts';
import type { Interference } from '../../aws/interference.ts';
import { accountId, type LocalAws, region, roleArn, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;
let interfere: (call: AwsCall) => Interference | undefined;
let authorize: (call: AwsCall) => Authorization;

beforeAll(async () => {
  aws = await startLocalAws({
    interfere: (call) => interfere(call),
    authorize: (call) => authorize(call),
  });
  aws.s3.createBucket('journal-test');
  await aws.dynamoDb.createTable('relay', {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
});
afterAll(() => aws.close());
beforeEach(() => {
  interfere = () => undefined;
  authorize = () => ({ allowed: true });
  aws.calls.length = 0;
});

const s3 = () => new S3Client({ ...aws.client, maxAttempts: 1 });
const dynamoDb = () => new DynamoDBClient({ ...aws.client, maxAttempts: 1 });
const lastCall = () => aws.calls.at(-1)!.call;

describe('every client of the SDK reaches its service through one address', () => {
  test('an object comes back as it was put, under a key with awkward characters', async () => {
    const Key = 'journal/a b/type=cis/ü+&/000001.json.gz';
    const Body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

    await s3().send(new PutObjectCommand({ Bucket: 'journal-test', Key, Body, Metadata: { run: 'r1' } }));
    const got = await s3().send(new GetObjectCommand({ Bucket: 'journal-test', Key }));

    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Body)).toBe(true);
    expect(got.Metadata).toEqual({ run: 'r1' });
    expect(lastCall()).toMatchObject({
      action: 's3:GetObject',
      resource: `arn:aws:s3:::journal-test/${Key}`,
    });
  });

  test('a body of unknown length arrives without its chunk framing', async () => {
    const { Readable } = await import('node:stream');
    const Body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    const put = { Bucket: 'journal-test', Key: 'streamed', Body, ContentLength: 7 };

    await s3().send(new PutObjectCommand(put));
    const got = await s3().send(new GetObjectCommand({ Bucket: 'journal-test', Key: 'streamed' }));

    expect(aws.calls[0]!.call.headers['content-encoding']).toBe('aws-chunked');
    expect(await got.Body!.transformToString()).toBe('one two');
  });

  test('an object above 11 MiB is taken', async () => {
    const put = { Bucket: 'journal-test', Key: 'large', Body: Buffer.alloc(12 * 1024 * 1024, 1) };

    await s3().send(new PutObjectCommand(put));
    const head = await s3().send(new HeadObjectCommand({ Bucket: 'journal-test', Key: 'large' }));

    expect(head.ContentLength).toBe(12 * 1024 * 1024);
  });

  test('an item is written and read', async () => {
    await dynamoDb().send(new PutItemCommand({ TableName: 'relay', Item: { pk: { S: 'a' } } }));
    const got = await dynamoDb().send(new GetItemCommand({ TableName: 'relay', Key: { pk: { S: 'a' } } }));

    expect(got.Item).toEqual({ pk: { S: 'a' } });
    expect(lastCall()).toMatchObject({
      action: 'dynamodb:GetItem',
      resource: `arn:aws:dynamodb:${region}:${accountId}:table/relay`,
      context: { 'aws:SecureTransport': 'true' },
    });
  });

  test('a secret is found by name, by complete ARN and by ARN without its suffix', async () => {
    const arn = aws.secrets.put('mosaic/credentials', '{"client_id":"x"}');
    const client = new SecretsManagerClient(aws.client);

    for (const SecretId of ['mosaic/credentials', arn, arn.slice(0, -7)]) {
      const got = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(got.SecretString).toBe('{"client_id":"x"}');
      expect(lastCall().resource).toBe(arn);
    }
  });

  test('what is not there is answered by the exception that the SDK knows', async () => {
    const secrets = new SecretsManagerClient(aws.client);
    const firehose = new FirehoseClient(aws.client);

    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'none' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      s3().send(new GetObjectCommand({ Bucket: 'journal-test', Key: 'none' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a call that is not allowed fails', () => {
  test('listing carries the prefix as a condition', async () => {
    authorize = (call) =>
      call.context['s3:prefix'] === 'journal/' ? { allowed: true } : { allowed: false, message: 'no' };
    const list = (Prefix?: string) =>
      s3().send(new ListObjectsV2Command({ Bucket: 'journal-test', Prefix, MaxKeys: 1 }));

    await expect(list('journal/')).resolves.toMatchObject({ KeyCount: 1 });
    await expect(list('other/')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(list()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(lastCall()).toMatchObject({ action: 's3:ListBucket', resource: 'arn:aws:s3:::journal-test' });
  });

  test('a refusal is worded as the service words it', async () => {
    authorize = (call) => ({
      allowed: false,
      message: `${roleArn} may not ${call.action} on ${call.resource}`,
    });

    const refused = dynamoDb().send(new GetItemCommand({ TableName: 'relay', Key: { pk: { S: 'a' } } }));

    await expect(refused).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:GetItem'),
    });
  });

  test('a key that was never issued is refused, and so is one without its token or with another', async () => {
    const { accessKeyId, secretAccessKey } = aws.client.credentials;
    for (const [credentials, name] of [
      [{ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' }, 'InvalidAccessKeyId'],
      [{ accessKeyId, secretAccessKey }, 'InvalidAccessKeyId'],
      [{ accessKeyId, secretAccessKey, sessionToken: 'other' }, 'InvalidToken'],
    ] as const) {
      const client = new S3Client({ ...aws.client, credentials });
      await expect(
        client.send(new GetObjectCommand({ Bucket: 'journal-test', Key: 'a' })),
      ).rejects.toMatchObject({ name });
    }
  });

  test('an expired key is refused as expired', async () => {
    const credentials = aws.identities.issue(roleArn);
    aws.identities.expire(credentials.accessKeyId);
    const client = new DynamoDBClient({ ...aws.client, credentials, maxAttempts: 1 });

    const refused = client.send(new GetItemCommand({ TableName: 'relay', Key: { pk: { S: 'a' } } }));

    await expect(refused).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });
});

describe('what no stand-in knows is refused by name and remembered', () => {
  test('an operation of a known service', async () => {
    await expect(dynamoDb().send(new ListTablesCommand())).rejects.toThrow(
      /dynamodb:ListTables on \*: the local gateway has no ListTables of dynamodb/,
    );
    await expect(
      s3().send(new GetObjectTaggingCommand({ Bucket: 'journal-test', Key: 'a' })),
    ).rejects.toThrow(/no GetObjectTagging of s3/);

    const names = aws.gateway.refusals.map((refusal) => `${refusal.service} ${refusal.operation}`);
    expect(names.slice(-2)).toEqual(['dynamodb ListTables', 's3 GetObjectTagging']);
  });

  test('a request without a signature', async () => {
    const response = await fetch(`${aws.gateway.url}/journal-test/a`);

    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>AccessDenied</Code>');
    expect(aws.gateway.refusals.at(-1)!.message).toMatch(/no SigV4 Authorization header/);
  });

  test('a condition on a write, which fauxqs would ignore', async () => {
    const put = { Bucket: 'journal-test', Key: 'once', Body: 'x', IfNoneMatch: '*' };

    await expect(s3().send(new PutObjectCommand(put))).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('a body that is not what its checksum says', async () => {
    const put = { Bucket: 'journal-test', Key: 'damaged', Body: 'x', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' };

    await expect(s3().send(new PutObjectCommand(put))).rejects.toMatchObject({ name: 'BadDigest' });
  });
});

describe('any call can be made to go wrong', () => {
  const put = (Key: string) =>
    s3().send(new PutObjectCommand({ Bucket: 'journal-test', Key, Body: 'x' }), {
      abortSignal: AbortSignal.timeout(20_000),
    });
  const exists = async (Key: string) => {
    interfere = () => undefined;
    const list = await s3().send(new ListObjectsV2Command({ Bucket: 'journal-test', Prefix: Key }));
    return list.KeyCount === 1;
  };
  const busy = { status: 503, code: 'SlowDown', message: 'Reduce your request rate.' };

  test('an error instead of the effect', async () => {
    interfere = () => ({ skipEffect: true, outcome: busy });

    await expect(put('error-before')).rejects.toMatchObject({ name: 'SlowDown' });
    expect(await exists('error-before')).toBe(false);
  });

  test('an error after the effect', async () => {
    interfere = () => ({ outcome: busy });

    await expect(put('error-after')).rejects.toMatchObject({ name: 'SlowDown' });
    expect(await exists('error-after')).toBe(true);
  });

  test('a reset before the effect, and after it', async () => {
    interfere = () => ({ skipEffect: true });
    await expect(put('reset-before')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await exists('reset-before')).toBe(false);

    interfere = () => ({ outcome: 'reset' });
    await expect(put('reset-after')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await exists('reset-after')).toBe(true);
  });

  test('an effect that comes after the caller has gone', async () => {
    const gone = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    interfere = () => {
      reached.resolve();
      return { before: () => gone.promise, after: async () => done.resolve() };
    };
    const abort = new AbortController();
    const late = s3().send(new PutObjectCommand({ Bucket: 'journal-test', Key: 'late', Body: 'x' }), {
      abortSignal: abort.signal,
    });
    await reached.promise;
    abort.abort();
    await expect(late).rejects.toMatchObject({ name: 'AbortError' });
    expect(await exists('late')).toBe(false);

    gone.resolve();
    await done.promise;
    expect(await exists('late')).toBe(true);
  });

  test('no answer at all, with the effect done', async () => {
    const abort = new AbortController();
    interfere = () => ({ outcome: 'silence' });
    const silent = s3().send(new PutObjectCommand({ Bucket: 'journal-test', Key: 'silent', Body: 'x' }), {
      abortSignal: abort.signal,
    });

    await expect.poll(() => aws.calls.length).toBe(1);
    abort.abort();

    await expect(silent).rejects.toMatchObject({ name: 'AbortError' });
    expect(await exists('silent')).toBe(true);
  });
});
