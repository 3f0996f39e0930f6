import { gzipSync } from 'node:zlib';
import { type Gcs, startGcs } from '@mosaic-relay/siem-receivers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectSink } from '../../../functions/object-copier/ports.ts';
import { crc32c } from '../../../functions/object-copier/sinks/crc32c.ts';
import { gcsSink } from '../../../functions/object-copier/sinks/gcs-sink.ts';
import { googleTokens } from '../../../functions/object-copier/sinks/google-tokens.ts';
import { neverAborted, type RecordedClock, recordedClock } from './patient.ts';

const key = 'gcs/data/type=verify/dt=2026-03-01/hr=12/a b+c.ndjson.gz';
const bytes = gzipSync('{"a":1}\n{"a":2}\n');
const audience =
  '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';
const before = { ...process.env };
let gcs: Gcs;
let sink: ObjectSink;
let clock: RecordedClock;
let now: () => number;
let copierRole: string;

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'ASIACOPIER';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_SESSION_TOKEN = 'session';
  process.env.AWS_REGION = 'us-east-1';
  now = Date.now;
  copierRole = 'copier';
  gcs = await startGcs({
    clock: { now: () => now() },
    buckets: ['events'],
    providers: [
      {
        audience,
        accountId: '111122223333',
        condition: ({ awsRole }) => awsRole.endsWith(`/${copierRole}`),
      },
    ],
    identify: () => ({
      secretAccessKey: 'secret',
      sessionToken: 'session',
      roleArn: 'arn:aws:iam::111122223333:role/copier',
    }),
    grantedTo: ({ awsRole }) => awsRole === 'arn:aws:sts::111122223333:assumed-role/copier',
  });
  clock = recordedClock(() => now());
  sink = gcsSink({ url: gcs.url, bucket: 'events' }, googleTokens({ stsUrl: gcs.url, audience }), clock);
});

afterEach(async () => {
  process.env = { ...before };
  await gcs.close();
});

const put = (content: Uint8Array = bytes) => sink.put({ key, bytes: content }, neverAborted);

describe('the GCS sink', () => {
  test('an object arrives under its key byte for byte, to be handed out as it is', async () => {
    expect(await put()).toEqual({ kind: 'stored', already: false });
    const object = gcs.objectsOf().get(key);
    expect(object?.bytes.equals(bytes)).toBe(true);
    expect(object).toMatchObject({ contentType: 'application/gzip', contentEncoding: undefined });
    expect(gcs.refusals).toEqual([]);
  });

  test('an object that the bucket has already is a success, and stays unchanged', async () => {
    await put();
    expect(await put(gzipSync('other'))).toEqual({ kind: 'stored', already: true });
    expect(gcs.objectsOf().get(key)?.bytes.equals(bytes)).toBe(true);
  });

  test('an upload whose answer is lost is sent again, and found there', async () => {
    await sink.put({ key: 'an earlier one', bytes }, neverAborted);
    gcs.faults.dropAnswers = 1;
    expect(await put()).toEqual({ kind: 'stored', already: true });
    expect(gcs.objectsOf().size).toBe(2);
    expect(clock.waits).toEqual([500]);
  });

  test('a 403 for overwriting is a success only where the checksum proves the object', async () => {
    await put();
    gcs.faults.permissionBeforePrecondition = true;
    expect(await put()).toEqual({ kind: 'stored', already: true });
    expect(await put(gzipSync('other'))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('checksum differs'),
    });
    gcs.faults.permissions = ['storage.objects.create'];
    expect(await put()).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('storage.objects.get'),
    });
  });

  test('an upload that was stored damaged is reported, for a second try would find it there', async () => {
    gcs.faults.damageUploads = 1;
    expect(await put()).toMatchObject({ kind: 'poison', reason: 'checksum-mismatch' });
  });

  test('a busy receiver is called again after the wait that it asks for, and then left to the queue', async () => {
    gcs.faults.refuse = { status: 429, headers: { 'retry-after': '7' }, times: 1, paths: /upload/ };
    expect(await put()).toMatchObject({ kind: 'stored' });
    expect(clock.waits).toEqual([7_000]);
    gcs.faults.refuse = { status: 503, paths: /upload/ };
    expect(await put()).toMatchObject({ kind: 'busy', status: 503 });
    expect(clock.waits.slice(1)).toEqual([500, 1_000, 2_000]);
    gcs.faults.refuse = { status: 429, headers: { 'retry-after': '3600' }, paths: /upload/ };
    expect(await put()).toMatchObject({ kind: 'busy', retryAfterMs: 3_600_000 });
    gcs.faults.refuse = { status: 429, headers: { 'retry-after': '4111111111111111' }, paths: /upload/ };
    expect(await put()).toMatchObject({ kind: 'busy', retryAfterMs: 86_400_000 });
    expect(clock.waits).toHaveLength(4);
  });

  test('a receiver that cannot be reached is busy', async () => {
    await put();
    gcs.faults.down = true;
    expect(await put()).toMatchObject({ kind: 'busy' });
  });

  test('a token that was revoked is replaced', async () => {
    await put();
    gcs.revokeTokens();
    expect(await sink.put({ key: 'next', bytes }, neverAborted)).toMatchObject({ kind: 'stored' });
  });

  test.each<[string, () => void, object]>([
    ['a role that the provider refuses', () => (copierRole = 'other'), { kind: 'refused' }],
    ['a role that may not create', () => (gcs.faults.permissions = []), { kind: 'refused', status: 403 }],
    [
      'tokens that are never taken',
      () => (gcs.faults.refuse = { status: 401, paths: /upload/ }),
      { kind: 'refused', status: 401 },
    ],
    [
      'a bucket that is not there',
      () => (gcs.faults.bucketMissing = true),
      { kind: 'poison', reason: 'receiver-bucket-missing' },
    ],
  ])('%s is told apart', async (_, change, outcome) => {
    change();
    expect(await put()).toMatchObject(outcome);
    expect(gcs.objectsOf().size).toBe(0);
  });
});

test('CRC-32C of the check string is the published one', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(Buffer.from('e3069283', 'hex').toString('base64'));
});
