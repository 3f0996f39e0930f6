import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSts } from '../../aws/control-plane/sts.ts';
import { accountId, type LocalAws, roleArn, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws();
  aws.gateway.register(createSts({ accountId, identities: aws.identities }));
  aws.s3.createBucket('signed');
});
afterAll(() => aws.close());

type Connection = LocalAws['client'] & { readonly maxAttempts?: number };

const get = (connection: Connection) =>
  new S3Client(connection).send(new GetObjectCommand({ Bucket: 'signed', Key: 'a' }));
const put = (connection: Connection, Body: string) =>
  new S3Client(connection).send(new PutObjectCommand({ Bucket: 'signed', Key: 'a', Body }));
const read = (connection: Connection) =>
  new DynamoDBClient(connection).send(new GetItemCommand({ TableName: 'none', Key: { pk: { S: 'a' } } }));
const identify = (connection: Connection) => new STSClient(connection).send(new GetCallerIdentityCommand({}));
const schedule = (connection: Connection) =>
  new SchedulerClient(connection).send(new GetScheduleCommand({ Name: 'a' }));

describe('a call that is not signed as it should be is refused in the words of its service', () => {
  test.each([
    ['S3', get, { name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } }],
    ['DynamoDB', read, { name: 'InvalidSignatureException', $metadata: { httpStatusCode: 400 } }],
    ['STS', identify, { name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } }],
    ['Scheduler', schedule, { name: 'InvalidSignatureException', $metadata: { httpStatusCode: 403 } }],
  ])('%s: with the secret of another key', async (_, call, error) => {
    const credentials = { ...aws.client.credentials, secretAccessKey: 'another' };
    const before = aws.gateway.refusals.length;

    await expect(call({ ...aws.client, credentials, maxAttempts: 1 })).rejects.toMatchObject(error);

    expect(aws.gateway.refusals.slice(before)).toMatchObject([{ message: /does not match the signature/ }]);
  });

  test.each([
    ['S3', get, { name: 'AuthorizationHeaderMalformed', message: /the region 'eu-west-1' is wrong/ }],
    ['DynamoDB', read, { name: 'InvalidSignatureException', message: /scoped to a valid region/ }],
    ['STS', identify, { name: 'SignatureDoesNotMatch', message: /scoped to a valid region/ }],
  ])('%s: for another region', async (_, call, { name, message }) => {
    const refused = call({ ...aws.client, region: 'eu-west-1', maxAttempts: 1 });

    await expect(refused).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  test('a call that is signed for another service than it is sent to', async () => {
    const client = new FirehoseClient({ ...aws.client, maxAttempts: 1 });
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { readonly headers: Record<string, string> };
        headers['x-amz-target'] = 'DynamoDB_20120810.PutItem';
        return next(args);
      },
      { step: 'build' },
    );

    const call = client.send(new PutRecordBatchCommand({ DeliveryStreamName: 'a', Records: [] }));

    await expect(call).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining("correct service: 'dynamodb'"),
    });
  });

  test('a body that is another than its hash, which is signed', async () => {
    const client = new S3Client({ ...aws.client, maxAttempts: 1 });
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: 'b' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );

    const call = client.send(new PutObjectCommand({ Bucket: 'signed', Key: 'a', Body: 'a' }));

    await expect(call).rejects.toMatchObject({
      name: 'XAmzContentSHA256Mismatch',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each([
    ['DynamoDB', { 'x-amz-target': 'DynamoDB_20120810.GetItem' }, 400, 'MissingAuthenticationTokenException'],
    ['STS', { 'content-type': 'application/x-www-form-urlencoded' }, 403, 'MissingAuthenticationToken'],
    ['S3', {}, 403, 'AccessDenied'],
  ])('%s: without a signature', async (_, headers, status, code) => {
    const response = await fetch(aws.gateway.url, { method: 'POST', headers, body: '' });

    expect(response.status).toBe(status);
    expect(await response.text()).toContain(code);
  });
});

describe("a call is dated by its caller's clock", () => {
  const minutes = 60_000;
  /** Of a process whose clock is behind by so much: it signs by the machine's, and the services are ahead. */
  const behind = (ms: number, maxAttempts = 1): Connection => {
    const credentials = aws.identities.issue(roleArn, () => Date.now() + ms);
    return { ...aws.client, credentials, maxAttempts };
  };

  test('a clock a minute behind or ahead is taken', async () => {
    await expect(put(behind(minutes), 'x')).resolves.toBeDefined();
    await expect(identify(behind(-minutes))).resolves.toBeDefined();
    await expect(read(behind(minutes))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('S3 takes 14 minutes and no 16, to either side', async () => {
    for (const sign of [1, -1]) {
      await expect(put(behind(sign * 14 * minutes), 'x')).resolves.toBeDefined();
      await expect(put(behind(sign * 16 * minutes), 'x')).rejects.toMatchObject({
        name: 'RequestTimeTooSkewed',
      });
    }
  });

  test('the services of JSON protocols name five minutes, STS 15', async () => {
    await expect(read(behind(6 * minutes))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature expired: .* - 5 min\.\)$/),
    });
    await expect(read(behind(-6 * minutes))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature not yet current: .* \+ 5 min\.\)$/),
    });
    await expect(identify(behind(16 * minutes))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringMatching(/- 15 min\.\)$/),
    });
  });

  test('a client sets its clock by the answer, so that its second try is taken and nothing is held against the run', async () => {
    const before = aws.gateway.refusals.length;

    await expect(put(behind(24 * 60 * minutes, 2), 'x')).resolves.toMatchObject({
      $metadata: { attempts: 2 },
    });

    expect(aws.gateway.refusals.length).toBe(before);
  });
});
