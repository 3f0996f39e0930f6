import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createS3Journal } from '../../../../functions/collector/adapters/s3-journal.ts';
import { createS3Quarantine } from '../../../../functions/collector/adapters/s3-quarantine.ts';
import { compressAnswer } from '../../../../functions/collector/answers/decode-answer.ts';
import { erasedMarkKey, writeErasedMark } from '../../../../functions/stored/erased-mark.ts';
import type { JournaledBatch } from '../../../../functions/stored/journaled-batch.ts';

const start = Date.UTC(2026, 2, 1, 23, 59);
const never = new AbortController().signal;
const bucket = 'journal-bucket';

let aws: LocalAws;
let client: S3Client;

beforeAll(async () => {
  aws = await startLocalAws();
  aws.s3.createBucket(bucket);
  client = new S3Client(aws.client);
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.calls.length = 0;
});

const journalOf = (streamName: string) => ({
  ...createS3Journal({ client, bucket, streamName }),
  ...createS3Quarantine({ client, bucket, streamName }),
});

test('a batch lies under stream, day, run and number, named for its compression, with its facts as metadata', async () => {
  const journal = journalOf('cis');
  await journal.put(batchOf(1), never);
  await journal.put(
    batchOf(2, { answer: { received: Buffer.from('x'), encoding: 'gzip' }, cutOff: true }),
    never,
  );
  expect(await keys('journal/')).toEqual([
    'journal/cis/2026-03-01/run-a/000001.json.zst',
    'journal/cis/2026-03-01/run-a/000002.json.gz',
  ]);
  const head = await client.send(
    new HeadObjectCommand({ Bucket: bucket, Key: 'journal/cis/2026-03-01/run-a/000002.json.gz' }),
  );
  expect(head.Metadata).toMatchObject({ 'collected-at': `${start}`, stream: 'relay-cis', 'cut-off': 'true' });
});

test('marks of erased batches are found by run, and count as no batch, run or day', async () => {
  const journal = journalOf('erasing');
  await journal.put(batchOf(1), never);
  const gone = { streamName: 'erasing', day: '2026-03-01', run: 'run-a' };
  for (const mark of [
    { ...gone, number: 3 },
    { ...gone, number: 2 },
    { ...gone, run: 'run-b', number: 7 },
  ])
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: erasedMarkKey(mark), Body: writeErasedMark(start) }),
    );

  expect(await journal.erased({ run: 'run-a', startedAt: start })).toEqual([2, 3]);
  expect(await journal.numbers({ run: 'run-a', startedAt: start })).toEqual([1]);
  expect(await journal.days()).toEqual(['2026-03-01']);
  expect(await journal.runsOn('2026-03-01')).toEqual(['run-a']);
});

test('quarantined bytes are kept as received, with the reason', async () => {
  const bytes = Buffer.from('<html>');
  const entry = { ...batchOf(7), reason: 'not-an-array', bytes, encoding: 'identity' } as const;
  await journalOf('risk').quarantine(entry);
  await journalOf('risk').quarantine({ ...entry, index: 12, destination: 'splunk' });
  const [whole, event] = await keys('quarantine/risk/');
  expect(event).toBe('quarantine/risk/2026-03-01/run-a/000007_event-0012_to-splunk.json');
  expect(whole).toBe('quarantine/risk/2026-03-01/run-a/000007.json');
  const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: whole }));
  expect(await object.Body!.transformToString()).toBe('<html>');
  expect(object.Metadata).toMatchObject({ reason: 'not-an-array', 'collected-at': `${start}` });
});

test('what destinations refused is counted for each, and copies of everything are not', async () => {
  const journal = journalOf('cis');
  const folders = [
    'cis/splunk/splunk-failed',
    'cis/http/http-endpoint-failed',
    'cis/http/everything',
    'risk/s3/x',
  ];
  for (const folder of folders) {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: `backup/${folder}/2026/03/01/a.gz`, Body: 'x' }),
    );
  }
  const one = { objects: 1, atLeast: false };
  expect(Object.fromEntries(await journal.refusedByDestinations())).toEqual({ splunk: one, http: one });
});

test('the events that Firehose gave up are reckoned from the first objects, and one that cannot be read counts', async () => {
  const journal = createS3Quarantine({ client, bucket, streamName: 'given' });
  const line = (records: number) => {
    const record = Array.from({ length: records }, (_, n) => `{"n":${n}}`).join('\n');
    return `{"rawData":"${Buffer.from(record).toString('base64')}"}\n`;
  };
  const put = (Key: string, Body: Uint8Array | string) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: `backup/given/${Key}`, Body }));
  for (let index = 0; index < 10; index += 1) await put(`splunk/splunk-failed/${index}`, line(4));
  await put('splunk/everything/1', line(9));
  await put('http/http-endpoint-failed/1', gzipSync(line(3)));
  await put('broken/x/1', Buffer.from([0x1f, 0x8b, 1]));
  const arrived = (time: number) => `{"attemptsMade":9,"arrivalTimestamp":${time},${line(1).slice(1)}`;
  await put('aged/splunk-failed/1', arrived(1_772_440_000_000) + arrived(1_772_430_000_000));

  expect(await journal.eventsGivenUp('aged')).toMatchObject({
    amount: { events: 2 },
    since: 1_772_430_000_000,
  });
  expect((await journal.eventsGivenUp('splunk')).amount).toEqual({ events: 40, known: 'about' });
  expect((await journal.eventsGivenUp('http')).amount).toEqual({ events: 3, known: 'exactly' });
  expect((await journal.eventsGivenUp('broken')).amount).toEqual({ events: 1, known: 'atLeast' });
  expect((await journal.eventsGivenUp('s3')).amount).toEqual({ events: 0, known: 'exactly' });
});

test('a probe lies where the stream’s batches do, so that whatever refuses those refuses it', async () => {
  await journalOf('probed').probe(never);

  expect((await keys('')).filter((key) => key.includes('probe'))).toEqual(['journal/probed/probe']);
});

test('a listing without an end is counted up to a bound, and says so', async () => {
  const endless = await startEndlessListing();
  const far = new S3Client({ ...aws.client, endpoint: endless.url, forcePathStyle: true });
  const journal = createS3Quarantine({ client: far, bucket, streamName: 'cis' });

  expect(await journal.quarantined()).toEqual({ objects: 5_000, atLeast: true });
  const counts = [...(await journal.refusedByDestinations()).values()];
  expect(counts).toEqual([
    ...Array(8).fill({ objects: 600, atLeast: true }),
    { objects: 200, atLeast: true },
  ]);
  expect(endless.requests()).toBeLessThan(40);

  far.destroy();
  await endless.close();
});

test('a run of more objects than one listing holds is listed whole', async () => {
  const journal = journalOf('admin');
  const numbers = Array.from({ length: 1_001 }, (_, i) => i + 1);
  for (let i = 0; i < numbers.length; i += 50) {
    await Promise.all(numbers.slice(i, i + 50).map((number) => journal.put(batchOf(number), never)));
  }
  expect(await journal.numbers({ run: 'run-a', startedAt: start })).toEqual(numbers);
});

test('every write carries a checksum, and needs no permission but to put, get and list', async () => {
  const journal = journalOf('verify');
  await journal.put(batchOf(1), never);
  await journal.probe(never);
  await journal.quarantine({
    ...batchOf(1),
    reason: 'cut-off',
    bytes: Buffer.from('['),
    encoding: 'identity',
  });
  const writes = aws.calls.filter(({ call }) => call.operation === 'PutObject');
  expect(writes).toHaveLength(3);
  for (const { call } of writes) expect(call.headers).toHaveProperty('x-amz-checksum-crc32');

  await journal.get({ run: 'run-a', startedAt: start }, 1);
  await journal.numbers({ run: 'run-a', startedAt: start });
  await journal.runsOn('2026-03-01');
  await journal.quarantined();
  await journal.refusedByDestinations();
  const actions = new Set(aws.calls.map(({ call }) => call.action));
  expect([...actions].sort()).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
});

function batchOf(number: number, batch: Partial<JournaledBatch> = {}): JournaledBatch {
  return {
    run: 'run-a',
    startedAt: start,
    number,
    collectedAt: start,
    stream: 'relay-cis',
    answer: compressAnswer({ received: Buffer.from('[{"n":1}]'), encoding: 'identity' }),
    cutOff: false,
    ...batch,
  };
}

async function keys(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.map(({ Key }) => Key!);
}

/** A bucket in which every listing has a thousand keys, or one folder, and then more. */
async function startEndlessListing() {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const query = new URL(request.url!, 'http://bucket').searchParams;
    const prefix = query.get('prefix')!;
    const found = query.has('delimiter')
      ? `<CommonPrefixes><Prefix>${prefix}${requests}/</Prefix></CommonPrefixes>`
      : Array.from({ length: 1_000 }, (_, n) => `<Contents><Key>${prefix}${n}</Key></Contents>`).join('');
    response.setHeader('content-type', 'application/xml');
    response.end(
      '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated>' +
        `<NextContinuationToken>${requests}</NextContinuationToken>${found}</ListBucketResult>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
