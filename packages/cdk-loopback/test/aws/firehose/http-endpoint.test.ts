import { type FirehoseHttpReceiver, startFirehoseHttpReceiver } from '@mosaic-relay/siem-receivers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FirehoseFaults } from '../../../aws/firehose/faults.ts';
import { startAt } from '../../../aws/local-aws.ts';
import { backupBucket, type DeliveryBench, startDeliveryBench, stream, streamArn } from './delivery-bench.ts';

let bench: DeliveryBench;
let receiver: FirehoseHttpReceiver;
let secretArn: string;
let faults: { changeRequestId?: FirehoseFaults['changeRequestId'] };

beforeEach(() => open());
afterEach(() => close());

/** @param answerGraceMs short only where the receiver hangs: a slow machine would else look like a timeout */
async function open(answerGraceMs?: number): Promise<void> {
  faults = {};
  bench = await startDeliveryBench('HttpEndpointDestinationConfiguration', {
    faults,
    answerGraceMs,
    hostOf: (origin) => (origin === 'https://intake.example.com' ? receiver.url : 'none'),
  });
  receiver = await startFirehoseHttpReceiver({
    clock: bench.aws.clock,
    accessKey: 'key-1',
    path: '/v1/input?x=1',
    packing: 'lines',
    attributes: { env: 'test' },
    encoding: 'gzip',
    acceptsSource: (arn) => arn === streamArn,
  });
  secretArn = bench.aws.secrets.put('intake', '{"api_key":"key-1"}');
}

async function close(): Promise<void> {
  await Promise.all([bench.aws.close(), receiver.close()]);
}

const properties = (more: object = {}) => ({
  EndpointConfiguration: { Name: 'intake', Url: 'https://intake.example.com/v1/input?x=1' },
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
  RequestConfiguration: {
    ContentEncoding: 'GZIP',
    CommonAttributes: [{ AttributeName: 'env', AttributeValue: 'test' }],
  },
  RetryOptions: { DurationInSeconds: 600 },
  S3BackupMode: 'FailedDataOnly',
  S3Configuration: backupBucket,
  SecretsManagerConfiguration: { Enabled: true, SecretARN: secretArn },
  ...more,
});

test('a batch arrives by every rule of the protocol', async () => {
  bench.create(properties());
  await bench.put('{"a":1}\n{"b":2}\n', '{"c":3}\n');
  await bench.settle();

  expect(receiver.refusals).toEqual([]);
  expect(receiver.requests.map(({ records }) => records.map(String))).toEqual([
    ['{"a":1}\n{"b":2}\n', '{"c":3}\n'],
  ]);
  expect(bench.aws.firehose.stats(stream)).toMatchObject({ deliveredRecords: 2, backedUpRecords: 0 });
  expect(await bench.backup()).toEqual([]);
});

test('a refused batch is sent again under its id, at growing intervals, until it is taken', async () => {
  receiver.faults.refuse = { status: 503, times: 4 };
  bench.create(properties());
  await bench.put('{"a":1}\n');
  await bench.settle();

  expect(receiver.requests).toHaveLength(1);
  const waits = receiver.refusals.map(({ at }) => at - startAt - 60_000);
  expect(bench.aws.firehose.stats(stream).deliveredRecords).toBe(1);
  expect(waits).toHaveLength(4);
  for (const [attempt, least] of [0, 850, 850 + 1_700, 850 + 1_700 + 3_400].entries()) {
    expect(waits[attempt]).toBeGreaterThanOrEqual(least);
  }
});

test.each(['down', 'hang'] as const)(
  'a receiver that is %s past the retry duration leaves error records',
  async (fault) => {
    if (fault === 'hang') await close().then(() => open(50));
    receiver.faults[fault] = true;
    bench.create(properties({ RetryOptions: { DurationInSeconds: 120 } }));
    await bench.put('{"a":1}\n', '{"b":2}\n');
    await bench.settle();

    const [object] = await bench.backup();
    expect(object!.key).toMatch(
      /^errors\/http-endpoint-failed\/2026-03-01\/relay-bench-1-2026-03-01-09-30-00-/,
    );
    expect(object!.lines).toHaveLength(2);
    expect(object!.lines[0]).toEqual({
      attemptsMade: expect.any(Number),
      arrivalTimestamp: startAt,
      errorCode: fault === 'hang' ? 'HttpEndpoint.RequestTimeout' : 'HttpEndpoint.ConnectionReset',
      errorMessage: expect.any(String),
      attemptEndingTimestamp: expect.any(Number),
      rawData: Buffer.from('{"a":1}\n').toString('base64'),
      subsequenceNumber: 0,
      dataId: expect.stringMatching(/\.0$/),
    });
    expect(bench.aws.firehose.stats(stream)).toMatchObject({ backedUpRecords: 2, deliveredRecords: 0 });
  },
);

test('an attempt has three minutes, however short the retry duration', async () => {
  await close();
  await open(50);
  receiver.faults.hang = true;
  bench.create(properties({ RetryOptions: { DurationInSeconds: 0 } }));
  await bench.put('{"a":1}\n');
  await bench.settle();

  const [object] = await bench.backup();
  expect(object!.lines[0]).toMatchObject({ attemptsMade: 1, errorCode: 'HttpEndpoint.RequestTimeout' });
  expect(bench.elapsedMs).toBeGreaterThanOrEqual(60_000 + 180_000);
  expect(bench.elapsedMs).toBeLessThan(60_000 + 200_000);
});

test.each([
  'other-request-id',
  'no-request-id',
  'status-201',
  'timestamp-as-text',
  'unexpected-field',
  'content-encoding',
  'above-1-mib',
  'other-content-type',
  'not-json',
  'redirect',
] as const)('an answer with %s is a failure, and the batch arrives twice', async (wrong) => {
  receiver.faults.wrongAnswers.push(wrong);
  bench.create(properties());
  await bench.put('{"a":1}\n');
  await bench.settle();

  const ids = new Set(receiver.requests.map((request) => request.requestId));
  expect([receiver.requests.length, ids.size]).toEqual([2, 1]);
  expect(bench.aws.firehose.errorLog.map((entry) => entry.code)).toEqual([
    wrong === 'above-1-mib'
      ? 'HttpEndpoint.ResponseTooLarge'
      : expect.stringMatching(/InvalidResponseFromDestination|DestinationException/),
  ]);
});

test('a lost answer brings the batch twice, under another id where Firehose did not keep it', async () => {
  receiver.faults.dropAnswers = 1;
  faults.changeRequestId = () => true;
  bench.create(properties());
  await bench.put('{"a":1}\n');
  await bench.settle();

  const ids = new Set(receiver.requests.map((request) => request.requestId));
  expect([receiver.requests.length, ids.size]).toEqual([2, 2]);
});

test('413 is final: the batch is neither sent again nor kept as an error', async () => {
  receiver.faults.refuse = { status: 413 };
  bench.create(properties());
  await bench.put('{"a":1}\n');
  await bench.settle();

  expect(receiver.refusals).toHaveLength(1);
  expect(await bench.backup()).toEqual([]);
  expect(bench.aws.firehose.stats(stream).lostRecords).toBe(1);
});

test('everything is kept beside, where the backup is of all data', async () => {
  bench.create(properties({ S3BackupMode: 'AllData' }));
  await bench.put('{"a":1}\n', '{"b":2}\n');
  await bench.settle();

  const [object] = await bench.backup();
  expect(object!.key).toMatch(/^all\/2026\/03\/01\/09\//);
  expect(object!.text).toBe('{"a":1}\n{"b":2}\n');
});

test('a rotated key is picked up within ten minutes, and the old one serves until then', async () => {
  bench.create(properties());
  await bench.put('1\n');
  await bench.settle();
  receiver.rotateKey('key-2', 600_000);
  bench.aws.secrets.put('intake', '{"api_key":"key-2"}');

  await bench.put('2\n');
  await bench.settle();
  expect(receiver.refusals).toEqual([]);

  bench.aws.clock.at(bench.aws.clock.now() + 600_000, () => bench.put('3\n'));
  await bench.aws.clock.advance();
  await bench.settle();
  expect(receiver.refusals).toEqual([]);
  expect(receiver.requests).toHaveLength(3);
});

test('a secret without its field fails delivery without showing its value', async () => {
  bench.aws.secrets.put('intake', '{"other":"s3cret"}');
  bench.create(properties({ RetryOptions: { DurationInSeconds: 0 } }));
  await bench.put('{"a":1}\n');
  await bench.settle();

  const [object] = await bench.backup();
  expect(object!.lines[0]).toMatchObject({ errorCode: 'HttpEndpoint.SecretUnavailable' });
  expect(object!.text).not.toContain('s3cret');
});

test.each([
  ['plain http', { EndpointConfiguration: { Url: 'http://intake.example.com/' } }, /Url/],
  ['another port', { EndpointConfiguration: { Url: 'https://intake.example.com:8443/' } }, /Url/],
  [
    'a key in the template',
    { EndpointConfiguration: { Url: 'https://intake.example.com', AccessKey: 'k' } },
    /AccessKey/,
  ],
  ['a buffer above 64 MiB', { BufferingHints: { SizeInMBs: 65, IntervalInSeconds: 60 } }, /SizeInMBs/],
  ['the backup mode of another kind', { S3BackupMode: 'FailedEventsOnly' }, /S3BackupMode/],
])('%s is refused at creation', (_, more, message) => {
  expect(() => bench.create(properties(more))).toThrow(message);
});
