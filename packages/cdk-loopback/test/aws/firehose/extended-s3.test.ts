import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test } from 'vitest';
import type { AwsCall } from '../../../aws/aws-call.ts';
import type { FirehoseFaults } from '../../../aws/firehose/faults.ts';
import type { Interference } from '../../../aws/interference.ts';
import { accountId, type LocalAws, region, roleArn, startAt, startLocalAws } from '../../../aws/local-aws.ts';

const opened: LocalAws[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((aws) => aws.close()));
});

const stream = 'relay-cis-s3';
const deliveryRole = `arn:aws:iam::${accountId}:role/delivery`;

async function start(
  properties: object = {},
  options: { faults?: FirehoseFaults; interfere?: (call: AwsCall) => Interference | undefined } = {},
): Promise<LocalAws> {
  const aws = await startLocalAws(options);
  opened.push(aws);
  aws.s3.createBucket('delivered');
  create(aws, properties);
  return aws;
}

function create(aws: LocalAws, properties: object, name = stream): void {
  aws.firehose.createDeliveryStream(name, `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`, {
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::delivered',
      RoleARN: deliveryRole,
      ...properties,
    },
  });
}

async function put(aws: LocalAws, ...lines: readonly string[]): Promise<void> {
  const Records = lines.map((line) => ({ Data: Buffer.from(line) }));
  const client = new FirehoseClient(aws.client);
  await client.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }));
}

async function keys(aws: LocalAws): Promise<string[]> {
  const list = await new S3Client(aws.client).send(new ListObjectsV2Command({ Bucket: 'delivered' }));
  return (list.Contents ?? []).map((object) => object.Key!);
}

async function read(aws: LocalAws, Key: string): Promise<Buffer> {
  const got = await new S3Client(aws.client).send(new GetObjectCommand({ Bucket: 'delivered', Key }));
  return Buffer.from(await got.Body!.transformToByteArray());
}

test('records are delivered end to end once the interval has passed, and not before', async () => {
  const aws = await start({ BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 } });
  await put(aws, '{"a":1}\n');
  await put(aws, '{"b":2}\n', '{"c":3}\n');
  expect(await keys(aws)).toEqual([]);

  await aws.clock.advance();

  const [key, ...others] = await keys(aws);
  expect(others).toEqual([]);
  expect((await read(aws, key!)).toString()).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
  expect(aws.clock.now() - startAt).toBeGreaterThanOrEqual(60_000);
  expect(aws.firehose.stats(stream)).toMatchObject({
    deliveredRecords: 3,
    deliveredBytes: 24,
    bufferedRecords: 0,
  });
});

test('a buffer is delivered at once when the next record would overfill it', async () => {
  const aws = await start({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
  await put(aws, 'x'.repeat(700_000), 'y'.repeat(700_000), 'z');

  await aws.clock.runUntil(() => aws.firehose.stats(stream).deliveredRecords > 0, startAt + 60_000);

  expect(aws.firehose.stats(stream)).toMatchObject({ deliveredRecords: 1, bufferedRecords: 2 });
});

test('a buffer that is exactly full is delivered at once', async () => {
  const aws = await start({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
  await put(aws, 'x'.repeat(1024 * 512), 'y'.repeat(1024 * 512));

  await aws.clock.runUntil(() => aws.firehose.stats(stream).bufferedRecords === 0, startAt + 60_000);

  expect(aws.firehose.stats(stream).deliveredRecords).toBe(2);
});

test('a buffer overshoots its size when Firehose catches up', async () => {
  const aws = await start(
    { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } },
    { faults: { overshoot: () => 2 } },
  );
  await put(aws, 'x'.repeat(700_000), 'y'.repeat(700_000));
  expect(aws.firehose.stats(stream).bufferedRecords).toBe(2);

  await put(aws, 'z'.repeat(700_000));
  await aws.clock.runUntil(() => aws.firehose.stats(stream).deliveredRecords > 0, startAt + 60_000);

  expect(aws.firehose.stats(stream)).toMatchObject({ deliveredRecords: 2, bufferedRecords: 1 });
});

test('objects are named by prefix, delivery stream, version, arrival of the oldest record and extension', async () => {
  const aws = await start({
    Prefix: 'cis/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/!{firehose:random-string}/',
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    CompressionFormat: 'GZIP',
    FileExtension: '.ndjson.gz',
  });
  await put(aws, 'one\n');
  await aws.clock.advance();

  const [key] = await keys(aws);
  expect(key).toMatch(
    /^cis\/dt=2026-03-01\/hr=09\/[A-Za-z0-9]{11}\/relay-cis-s3-1-2026-03-01-09-30-0\d-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.ndjson\.gz$/,
  );
  expect(gunzipSync(await read(aws, key!)).toString()).toBe('one\n');
});

test('a prefix without a timestamp gets the hour added', async () => {
  const aws = await start({ Prefix: 'admin/' });
  await put(aws, 'one\n');
  await aws.clock.advance();

  expect((await keys(aws))[0]).toMatch(/^admin\/2026\/03\/01\/09\/relay-cis-s3-1-/);
});

test('two runs with one seed name objects alike', async () => {
  const names = async () => {
    const aws = await start();
    await put(aws, 'one\n');
    await aws.clock.advance();
    return (await keys(aws)).map((key) => key.slice(-36));
  };

  expect(await names()).toEqual(await names());
});

test('objects are written under the role of the delivery stream', async () => {
  const aws = await start();
  await put(aws, 'one\n');
  await aws.clock.advance();

  const writes = aws.calls.filter(({ call }) => call.action === 's3:PutObject');
  expect(writes.map(({ call }) => aws.identities.roleOf(call.accessKeyId))).toEqual([deliveryRole]);
  expect(aws.identities.roleOf(aws.client.credentials.accessKeyId)).toBe(roleArn);
});

test('what S3 refuses is tried again until it is taken', async () => {
  let refused = 0;
  const aws = await start(
    {},
    {
      interfere: (call) => {
        if (call.operation !== 'PutObject' || refused === 5) return undefined;
        refused += 1;
        return { skipEffect: true, outcome: { status: 503, code: 'SlowDown', message: 'Slow down.' } };
      },
    },
  );
  await put(aws, 'one\n');

  await aws.clock.runUntil(() => aws.firehose.stats(stream).deliveredRecords === 1, startAt + 3_600_000);

  expect(refused).toBe(5);
  expect(await keys(aws)).toHaveLength(1);
  expect(aws.firehose.errorLog).toHaveLength(5);
});

test('what S3 refuses for 24 hours is lost, and counted', async () => {
  const aws = await start(
    {},
    {
      interfere: (call) => (call.operation === 'PutObject' ? { skipEffect: true } : undefined),
    },
  );
  await put(aws, 'one\n');

  await aws.clock.runUntil(() => aws.firehose.stats(stream).bufferedRecords === 0, startAt + 48 * 3_600_000);

  expect(aws.firehose.stats(stream)).toMatchObject({ lostRecords: 1, lostBytes: 4, deliveredRecords: 0 });
  expect(aws.clock.now() - startAt).toBeGreaterThan(23.9 * 3_600_000);
  expect(aws.clock.now() - startAt).toBeLessThanOrEqual(24 * 3_600_000 + 60_000);
});

test('a changed destination delivers what it holds by the old settings and counts its version up', async () => {
  const aws = await start({ Prefix: 'old/' });
  await put(aws, 'one\n');
  aws.firehose.updateDeliveryStream(stream, {
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::delivered',
      RoleARN: deliveryRole,
      Prefix: 'new/',
    },
  });
  await put(aws, 'two\n');
  await aws.clock.runUntil(() => aws.firehose.stats(stream).deliveredRecords === 2, startAt + 3_600_000);

  const names = (await keys(aws)).map((key) => key.slice(0, 3) + /-(\d)-2026/.exec(key)![1]);
  expect(names.sort()).toEqual(['new2', 'old1']);
  expect(aws.firehose.stats(stream).records).toBe(2);
});

test('metrics say what came in and what went out', async () => {
  const aws = await start();
  await put(aws, 'one\n', 'two\n');
  await aws.clock.advance();

  const sums = Object.fromEntries(aws.firehose.metrics.data().map((datum) => [datum.metric, datum.sum]));
  expect(sums).toMatchObject({
    IncomingRecords: 2,
    IncomingBytes: 8,
    ThrottledRecords: 0,
    'DeliveryToS3.Success': 1,
    'DeliveryToS3.Records': 2,
  });
  expect(sums['DeliveryToS3.DataFreshness']).toBeGreaterThanOrEqual(300);
});

test.each([
  ['an unknown property', { Frobnicate: 1 }, /does not know Frobnicate/],
  ['a compression that is not written here', { CompressionFormat: 'Snappy' }, /CompressionFormat/],
  ['a size out of range', { BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 60 } }, /SizeInMBs/],
  ['half of the hints', { BufferingHints: { SizeInMBs: 5 } }, /IntervalInSeconds/],
  [
    'an interval out of range',
    { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 901 } },
    /IntervalInSeconds/,
  ],
  ['an extension without its dot', { FileExtension: 'gz' }, /FileExtension/],
  ['an expression without an error prefix', { Prefix: '!{timestamp:yyyy}/' }, /needs an ErrorOutputPrefix/],
  [
    'an error prefix that does not say the type',
    { ErrorOutputPrefix: 'e/!{timestamp:yyyy}/' },
    /lacks !\{firehose:error-output-type\}/,
  ],
  ['an unknown expression', { Prefix: '!{partitionKeyFromQuery:x}/' }, /is not known/],
  ['an unknown date pattern', { Prefix: '!{timestamp:YYYY}/' }, /date pattern YYYY/],
  ['a transform', { ProcessingConfiguration: { Enabled: true, Processors: [] } }, /ProcessingConfiguration/],
])('%s is refused at creation', async (_, properties, message) => {
  const aws = await start();

  expect(() => create(aws, properties, 'other')).toThrow(message);
  expect(aws.firehose.names).toEqual([stream]);
});

test('a destination that is not written here is refused by name', async () => {
  const aws = await start();

  expect(() =>
    aws.firehose.createDeliveryStream('other', 'arn', { IcebergDestinationConfiguration: {} }),
  ).toThrow(/has no IcebergDestinationConfiguration/);
});
