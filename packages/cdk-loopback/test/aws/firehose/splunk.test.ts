import { type SplunkHec, startSplunkHec } from '@mosaic-relay/siem-receivers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountId, region, startAt } from '../../../aws/local-aws.ts';
import {
  backupBucket,
  type DeliveryBench,
  deliveryRole,
  startDeliveryBench,
  stream,
} from './delivery-bench.ts';

let bench: DeliveryBench;
let splunk: SplunkHec;
let secretArn: string;

const token = '11111111-2222-4333-8444-555555555555';

beforeEach(() => open());
afterEach(() => close());

/** @param answerGraceMs short only where the receiver hangs: a slow machine would else look like a timeout */
async function open(answerGraceMs?: number): Promise<void> {
  bench = await startDeliveryBench('SplunkDestinationConfiguration', {
    answerGraceMs,
    hostOf: (origin) => (origin === 'https://hec.example.com:8088' ? splunk.url : 'none'),
  });
  splunk = await startSplunkHec({ clock: bench.aws.clock, token, ackAfterMs: 2_500 });
  secretArn = bench.aws.secrets.put('splunk', JSON.stringify({ hec_token: token }));
}

async function close(): Promise<void> {
  await Promise.all([bench.aws.close(), splunk.close()]);
}

const properties = (more: object = {}) => ({
  HECEndpoint: 'https://hec.example.com:8088',
  HECEndpointType: 'Event',
  HECAcknowledgmentTimeoutInSeconds: 180,
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 30 },
  RetryOptions: { DurationInSeconds: 300 },
  S3BackupMode: 'FailedEventsOnly',
  S3Configuration: backupBucket,
  SecretsManagerConfiguration: { Enabled: true, SecretARN: secretArn, RoleARN: deliveryRole },
  ...more,
});
const envelope = (n: number) => `{"time":${startAt / 1000},"event":{"n":${n}}}\n`;

test('envelopes of several records arrive, and count once they are acknowledged', async () => {
  bench.create(properties());
  await bench.put(envelope(1) + envelope(2), envelope(3));
  await bench.settle();

  expect(splunk.refusals).toEqual([]);
  expect(splunk.events).toHaveLength(3);
  expect(bench.elapsedMs).toBeGreaterThanOrEqual(30_000 + 2_500);
  expect(bench.aws.firehose.stats(stream)).toMatchObject({ deliveredRecords: 2, backedUpRecords: 0 });
});

test.each([
  ['FailedEventsOnly', []],
  ['AllEvents', ['BackupToS3.Bytes', 'BackupToS3.DataFreshness', 'BackupToS3.Records', 'BackupToS3.Success']],
])('with a backup of %s, the backup has the metrics that AWS documents', async (S3BackupMode, names) => {
  splunk.faults.down = true;
  bench.create(properties({ S3BackupMode, RetryOptions: { DurationInSeconds: 0 } }));
  await bench.put(envelope(1));
  await bench.settle();

  expect(bench.aws.firehose.stats(stream)).toMatchObject({ backedUpRecords: 1 });
  const told = new Set(bench.aws.firehose.metrics.data().map(({ metric }) => metric));
  expect([...told].filter((name) => name.startsWith('BackupToS3')).toSorted()).toEqual(names);
  expect([...told]).toContain('DeliveryToSplunk.Success');
});

test('a rotated token is picked up within ten minutes, and the old one serves until then', async () => {
  bench.create(properties());
  await bench.put(envelope(1));
  await bench.settle();
  splunk.rotateToken('next', 600_000);
  bench.aws.secrets.put('splunk', '{"hec_token":"next"}');

  await bench.put(envelope(2));
  await bench.settle();
  expect(splunk.refusals).toEqual([]);

  bench.aws.clock.at(bench.aws.clock.now() + 600_000, () => bench.put(envelope(3)));
  await bench.aws.clock.advance();
  await bench.settle();
  expect(splunk.refusals).toEqual([]);
  expect(splunk.events).toHaveLength(3);
});

test('a lost acknowledgement brings the batch again', async () => {
  splunk.faults.loseAcks = 1;
  bench.create(properties());
  await bench.put(envelope(1));
  await bench.settle();

  expect(splunk.events).toHaveLength(2);
  expect(bench.aws.firehose.errorLog.map((entry) => entry.code)).toEqual(['Splunk.AckTimeout']);
  expect(bench.aws.firehose.stats(stream).deliveredRecords).toBe(1);
});

test('waiting for acknowledgements is not counted as retrying', async () => {
  splunk.faults.loseAcks = 2;
  bench.create(properties({ RetryOptions: { DurationInSeconds: 10 } }));
  await bench.put(envelope(1));
  await bench.settle();

  expect(splunk.events).toHaveLength(3);
  expect(bench.elapsedMs).toBeGreaterThan(2 * 180_000);
  expect(bench.aws.firehose.stats(stream).deliveredRecords).toBe(1);
});

test.each([
  ['a batch that does not parse', {}, '{"event":', 'Splunk.InvalidDataFormat'],
  ['an index that is not allowed', {}, '{"event":{},"index":"other"}', 'Splunk.InvalidIndex'],
  ['a disabled token', { tokenDisabled: true }, envelope(1), 'Splunk.DisabledToken'],
  ['a busy indexer', { queuesFull: true }, envelope(1), 'Splunk.ServerError'],
  ['a receiver that is down', { down: true }, envelope(1), 'Splunk.ConnectionClosed'],
  ['a receiver that hangs', { hang: true }, envelope(1), 'Splunk.ConnectionTimeout'],
])('%s is tried for the retry duration and then kept', async (_, faults, record, errorCode) => {
  if ('hang' in faults) await close().then(() => open(50));
  Object.assign(splunk.faults, faults);
  bench.create(properties({ RetryOptions: { DurationInSeconds: 60 } }));
  await bench.put(record);
  await bench.settle();

  const [object] = await bench.backup();
  expect(object!.key).toMatch(/^errors\/splunk-failed\//);
  expect(object!.lines).toEqual([
    {
      attemptsMade: expect.any(Number),
      arrivalTimestamp: startAt,
      errorCode,
      errorMessage: expect.any(String),
      attemptEndingTimestamp: expect.any(Number),
      rawData: Buffer.from(record).toString('base64'),
      EventId: expect.stringMatching(/\.0$/),
    },
  ]);
  expect(bench.aws.firehose.stats(stream)).toMatchObject({ backedUpRecords: 1, lostRecords: 0 });
});

test('an outage shorter than the retry duration loses nothing and keeps nothing', async () => {
  splunk.faults.down = true;
  bench.create(properties());
  await bench.put(envelope(1));
  bench.aws.clock.at(startAt + 150_000, () => {
    splunk.faults.down = false;
  });
  await bench.settle();

  expect(splunk.events).toHaveLength(1);
  expect(await bench.backup()).toEqual([]);
});

test('all events are kept beside, where the backup is of all', async () => {
  bench.create(properties({ S3BackupMode: 'AllEvents' }));
  await bench.put(envelope(1), envelope(2));
  await bench.settle();

  const [object] = await bench.backup();
  expect(object!.text).toBe(envelope(1) + envelope(2));
  expect(splunk.events).toHaveLength(2);
});

test('the token is read under the role that the template names', async () => {
  bench.create(properties());
  await bench.put(envelope(1));
  await bench.settle();

  const reads = bench.aws.calls.filter(({ call }) => call.action === 'secretsmanager:GetSecretValue');
  expect(reads.map(({ call }) => [bench.aws.identities.roleOf(call.accessKeyId), call.resource])).toEqual([
    [deliveryRole, secretArn],
  ]);
});

test.each([
  [
    'a path in the endpoint',
    { HECEndpoint: 'https://hec.example.com:8088/services/collector' },
    /HECEndpoint/,
  ],
  ['plain http', { HECEndpoint: 'http://hec.example.com:8088' }, /HECEndpoint/],
  ['a token in the template', { HECToken: token }, /does not know HECToken/],
  ['an ack timeout out of range', { HECAcknowledgmentTimeoutInSeconds: 100 }, /HECAcknowledgment/],
  ['a buffer above 5 MiB', { BufferingHints: { SizeInMBs: 6, IntervalInSeconds: 60 } }, /SizeInMBs/],
  [
    'an interval above a minute',
    { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 61 } },
    /IntervalInSeconds/,
  ],
  [
    'a secret without a role',
    {
      SecretsManagerConfiguration: {
        Enabled: true,
        SecretARN: `arn:aws:secretsmanager:${region}:${accountId}:secret:x-Ab12Cd`,
      },
    },
    /RoleARN/,
  ],
])('%s is refused at creation', (_, more, message) => {
  expect(() => bench.create(properties(more))).toThrow(message);
});
