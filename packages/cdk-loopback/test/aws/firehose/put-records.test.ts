import {
  FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchCommandOutput,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FirehoseFaults } from '../../../aws/firehose/faults.ts';
import { accountId, type LocalAws, region, roleArn, startLocalAws } from '../../../aws/local-aws.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

let aws: LocalAws;
const faults: Writable<FirehoseFaults> = {};
const stream = 'relay-cis-s3';
const accepted: (readonly [deliveryStream: string, bytes: number])[] = [];

beforeAll(async () => {
  aws = await startLocalAws({
    faults,
    quota: { bytesPerSecond: 1_000_000, recordsPerSecond: 600, requestsPerSecond: 1000 },
    onAccepted: (deliveryStream, record) => accepted.push([deliveryStream, record.length]),
  });
  aws.s3.createBucket('delivered');
});
afterAll(() => aws.close());
beforeEach(() => {
  delete faults.refuseRecord;
  delete faults.throttleCall;
  delete faults.throttlesWholeCalls;
  delete faults.dropAnswer;
  if (aws.firehose.names.includes(stream)) aws.firehose.deleteDeliveryStream(stream);
  aws.firehose.createDeliveryStream(
    stream,
    `arn:aws:firehose:${region}:${accountId}:deliverystream/${stream}`,
    {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::delivered', RoleARN: roleArn },
    },
  );
});

const client = () => new FirehoseClient({ ...aws.client, maxAttempts: 1 });
const put = (sizes: readonly number[], DeliveryStreamName = stream): Promise<PutRecordBatchCommandOutput> =>
  client().send(
    new PutRecordBatchCommand({
      DeliveryStreamName,
      Records: sizes.map((size) => ({ Data: Buffer.alloc(size, 'x') })),
    }),
  );

describe('a batch within the limits is accepted', () => {
  test('each record gets an id, and its size is billed in units of 5 KB', async () => {
    const answer = await put([1, 5_120, 5_121, 0]);

    expect(answer).toMatchObject({ FailedPutCount: 0, Encrypted: true });
    expect(answer.RequestResponses!.every((response) => response.RecordId)).toBe(true);
    expect(aws.firehose.stats(stream)).toMatchObject({
      records: 4,
      rawBytes: 10_242,
      billedBytes: 5_120 + 5_120 + 10_240,
      bufferedRecords: 4,
      bufferedBytes: 10_242,
    });
  });

  test('500 records are', async () => {
    const answer = await put(Array.from({ length: 500 }, () => 10));

    expect(answer.RequestResponses).toHaveLength(500);
  });

  test('a record of exactly 1,000 KiB is', async () => {
    await expect(put([1_024_000])).resolves.toMatchObject({ FailedPutCount: 0 });
  });

  test('a single record is put by PutRecord', async () => {
    const answer = await client().send(
      new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data: Buffer.from('one') } }),
    );

    expect(answer).toMatchObject({ Encrypted: true, RecordId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});

describe('a batch beyond a limit is refused whole', () => {
  test.each([
    ['no record', [], 'ValidationException'],
    ['501 records', Array.from({ length: 501 }, () => 1), 'ValidationException'],
    ['a record above 1,000 KiB', [1, 1_024_001], 'ValidationException'],
    ['more than 4 MiB once encoded', [1_000_000, 1_000_000, 1_000_000, 145_729], 'InvalidArgumentException'],
  ])('%s', async (_, sizes, name) => {
    await expect(put(sizes)).rejects.toMatchObject({ name });
    expect(aws.firehose.stats(stream).records).toBe(0);
  });

  test('a delivery stream that does not exist', async () => {
    await expect(put([1], 'other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each([
    ['data that is not base64', { Records: [{ Data: 'a?==' }] }],
    ['a parameter that Firehose does not have', { Records: [{ Data: '' }], PartitionKey: 'x' }],
    ['a record without data', { Records: [{}] }],
  ])('%s', async (_, input) => {
    const client = new FirehoseClient({ ...aws.client, maxAttempts: 1 });
    // The client would refuse it, or put it right.
    const body = JSON.stringify({ DeliveryStreamName: stream, ...input });
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body });
        return next(args);
      },
      { step: 'build', priority: 'high' },
    );

    const call = client.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: [] }));

    await expect(call).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('throttling', () => {
  test('records above the quota are refused alone, until time has passed', async () => {
    const first = await put(Array.from({ length: 10 }, () => 300_000));
    const codes = first.RequestResponses!.map((response) => response.ErrorCode);

    expect(codes.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(first.FailedPutCount).toBeGreaterThan(3);
    expect(first.RequestResponses!.at(-1)).toEqual({
      ErrorCode: 'ServiceUnavailableException',
      ErrorMessage: 'Slow down.',
    });

    aws.clock.at(aws.clock.now() + 2_000, () => {});
    await aws.clock.advance();
    await expect(put([300_000])).resolves.toMatchObject({ FailedPutCount: 0 });
  });

  test('only what is accepted is told to a listener', async () => {
    accepted.length = 0;
    faults.refuseRecord = (_, index) => (index === 1 ? 'InternalFailure' : undefined);
    await put([1, 2, 3]);
    faults.throttleCall = () => true;
    await expect(put([4])).rejects.toMatchObject({ name: 'ServiceUnavailableException' });

    expect(accepted).toEqual([
      [stream, 1],
      [stream, 3],
    ]);
  });

  test('no more is let in than the quota allows, however often it is tried', async () => {
    for (let second = 0; second < 5; second += 1) {
      for (let call = 0; call < 5; call += 1) await put(Array.from({ length: 10 }, () => 300_000));
      aws.clock.at(aws.clock.now() + 1_000, () => {});
      await aws.clock.advance();
    }

    const { rawBytes } = aws.firehose.stats(stream);
    expect(rawBytes).toBeGreaterThanOrEqual(5_000_000);
    // Less than one record is owed.
    expect(rawBytes).toBeLessThan(5_300_000);
  });

  test('a raised quota is in proportion, and told with what comes in', async () => {
    aws.firehose.setQuota(stream, 10);
    aws.clock.at(aws.clock.now() + 60_000, () => {});
    await aws.clock.advance();

    await expect(put([1_000_000, 1_000_000])).resolves.toMatchObject({ FailedPutCount: 0 });
    const limits = aws.firehose.metrics.data().filter(({ metric }) => metric.endsWith('PerSecondLimit'));
    expect(Object.fromEntries(limits.map(({ metric, minimum }) => [metric, minimum]))).toEqual({
      BytesPerSecondLimit: 10_485_760,
      RecordsPerSecondLimit: 1_000_000,
      PutRequestsPerSecondLimit: 4_000,
    });
  });

  test('where calls are throttled by size, one above the room is refused whole, until it is halved', async () => {
    faults.throttlesWholeCalls = () => true;
    const tooMuch = Array.from({ length: 4 }, () => 300_000);

    await expect(put(tooMuch)).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    expect(aws.firehose.stats(stream).records).toBe(0);
    await expect(put(tooMuch.slice(0, 2))).resolves.toMatchObject({ FailedPutCount: 0 });
    await expect(put(tooMuch.slice(2))).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    expect(aws.firehose.stats(stream).records).toBe(2);
  });

  test('a record above a second of quota is let in alone while the room is full, and what it owes delays the next', async () => {
    faults.throttlesWholeCalls = () => true;
    const large = 1_020_000;

    await expect(put([large])).resolves.toMatchObject({ FailedPutCount: 0 });
    await expect(put([1])).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    aws.clock.at(aws.clock.now() + 1_100, () => {});
    await aws.clock.advance();
    await expect(put([1])).resolves.toMatchObject({ FailedPutCount: 0 });
    await expect(put([large])).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
  });

  test('a whole call is refused by an exception, and nothing of it is kept', async () => {
    faults.throttleCall = () => true;

    await expect(put([1])).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
      message: 'Slow down.',
    });
    expect(aws.firehose.stats(stream).records).toBe(0);
  });

  test('a record is refused alone, in its place', async () => {
    faults.refuseRecord = (_, index) => (index === 1 ? 'InternalFailure' : undefined);

    const answer = await put([1, 1, 1]);

    expect(answer.FailedPutCount).toBe(1);
    expect(answer.RequestResponses!.map((response) => response.ErrorCode)).toEqual([
      undefined,
      'InternalFailure',
      undefined,
    ]);
    expect(aws.firehose.stats(stream).records).toBe(2);
  });

  test('an answer is lost, and the records are kept', async () => {
    faults.dropAnswer = () => true;

    await expect(put([1, 1])).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(aws.firehose.stats(stream).records).toBe(2);
  });
});
