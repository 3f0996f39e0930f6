import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLoopbackFauxqs } from '@mosaic-relay/cdk-loopback';
import { type Gcs, startGcs } from '@mosaic-relay/siem-receivers';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../../infra/constructs/function-bundle.ts';

const audience =
  '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';
const before = { ...process.env };
let folder: string;
let fauxqs: Awaited<ReturnType<typeof startLoopbackFauxqs>>;
let gcs: Gcs;
let queueUrl: string;
let handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

beforeAll(async () => {
  fauxqs = await startLoopbackFauxqs();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: fauxqs.address,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'ASIACOPIER',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  });
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'journal' }));
  const created = await new SQSClient().send(new CreateQueueCommand({ QueueName: 'dead' }));
  queueUrl = created.QueueUrl!;
  gcs = await startGcs({
    clock: { now: Date.now },
    buckets: ['events'],
    providers: [{ audience, accountId: '111122223333' }],
    identify: () => ({
      secretAccessKey: 'secret',
      sessionToken: 'session',
      roleArn: 'arn:aws:iam::111122223333:role/copier',
    }),
    grantedTo: () => true,
  });
  Object.assign(process.env, {
    STAGE: 'dev',
    STREAM_NAME: 'verify',
    DESTINATION: 'gcs',
    BUCKET_NAME: 'journal',
    DEAD_LETTER_QUEUE_URL: queueUrl,
    OBJECT_CAP_MIB: '1',
    SINK: 'gcs',
    GCS_URL: gcs.url,
    GCS_BUCKET: 'events',
    GOOGLE_STS_URL: gcs.url,
    GOOGLE_AUDIENCE: audience,
    AWS_LAMBDA_FUNCTION_NAME: 'copier',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    // Metrics go through the global console.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
  folder = await mkdtemp(join(tmpdir(), 'copier-'));
  const code = bundle('object-copier').find(({ path }) => path === 'index.cjs')!;
  // The source map would be looked for beside it.
  const text = Buffer.from(code.contents)
    .toString()
    .replace(/\/\/# sourceMappingURL=.*\s*$/, '');
  await writeFile(join(folder, 'index.cjs'), text);
  ({ handler } = (await import(pathToFileURL(join(folder, 'index.cjs')).href)) as {
    handler: typeof handler;
  });
});

afterAll(async () => {
  await Promise.all([gcs?.close(), fauxqs?.stop()]);
  process.env = { ...before };
  await rm(folder, { recursive: true, force: true });
});

function eventOf(bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body, index) => ({ messageId: String(index), body })) } as SQSEvent;
}

function created(key: string): string {
  const s3 = { bucket: { name: 'journal' }, object: { key: encodeURIComponent(key).replaceAll('%20', '+') } };
  return JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', eventTime: new Date().toISOString(), s3 }],
  });
}

const context = { functionName: 'copier', getRemainingTimeInMillis: () => 60_000 } as Context;

/** What is written to the console meanwhile. */
async function written(work: () => Promise<unknown>): Promise<string[]> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => lines.push(line);
  await work().finally(() => {
    console.log = log;
  });
  return lines;
}

test('the bundle copies good objects, dead-letters impossible ones, and leaves the rest in the queue', async () => {
  const bytes = gzipSync('{"a":1}\n');
  const s3 = new S3Client({ forcePathStyle: true });
  const put = (Key: string, Body: Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: 'journal', Key, Body }));
  await put('gcs/data/dt=2026-03-01/an object', bytes);
  await put('large', Buffer.alloc(2 * 1024 * 1024));
  await put('refused', bytes);

  const bodies = [
    created('gcs/data/dt=2026-03-01/an object'),
    created('gone'),
    created('large'),
    '{"Event":"s3:TestEvent"}',
  ];
  const lines = await written(async () => {
    expect(await handler(eventOf(bodies), context)).toEqual({ batchItemFailures: [] });
  });
  const metrics = JSON.parse(lines[0]!) as { _aws: { CloudWatchMetrics: { Dimensions: unknown }[] } };
  expect(metrics._aws.CloudWatchMetrics[0]!.Dimensions).toEqual([['Stage', 'Stream', 'Destination']]);
  expect(metrics).toMatchObject({ ObjectsCopied: 1, CopiesDeadLettered: 2 });
  // A metric is billed by the hours in which it is sent, so a refusal that did not happen sends none.
  expect(metrics).not.toHaveProperty('CopiesRefused');
  expect([...gcs.objectsOf().keys()]).toEqual(['gcs/data/dt=2026-03-01/an object']);
  expect(gcs.objectsOf().get('gcs/data/dt=2026-03-01/an object')?.bytes.equals(bytes)).toBe(true);

  const receive = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  const { Messages: dead } = await new SQSClient({ useQueueUrlAsEndpoint: false }).send(receive);
  expect(dead?.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.reason?.StringValue])).toEqual([
    [bodies[1], 'object-missing'],
    [bodies[2], 'object-too-large'],
  ]);

  gcs.faults.permissions = [];
  await written(async () => {
    const answer = await handler(eventOf([created('refused')]), context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  });
});
