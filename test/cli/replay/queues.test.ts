import { gzipSync } from 'node:zlib';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { QueueAddress } from '@mosaic-relay/cdk-loopback';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReplayOptions, replay } from '../../../cli/replay/replay.ts';
import { collectedAt, copierVariables, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
let queue: QueueAddress;
let dead: QueueAddress;

beforeEach(async () => {
  small = await startSmallRelay({
    functions(aws, bucket) {
      dead = aws.sqs.createQueue(`${bucket}-dead`);
      queue = aws.sqs.createQueue(`${bucket}-queue`, { VisibilityTimeout: '0' });
      return [
        {
          name: 'mosaic-relay-dev-cis-s3-copier',
          queueArns: [queue.arn],
          memoryMb: 1_024,
          environment: copierVariables(bucket, dead.url),
        },
      ];
    },
  });
});
afterEach(() => small.close());

function redriven(options: Partial<ReplayOptions> = {}) {
  const { relay, stream } = small;
  return replay({ relay, stream, sources: ['queues'], rate: Number.POSITIVE_INFINITY, ...options });
}

test('a dead letter goes back to its queue; one whose object is gone stays, and is named', async () => {
  await deadLetter('delivered/cis/s3/one.gz', [line(0), line(1)]);
  await deadLetter('delivered/cis/s3/gone.gz');

  const counted = await redriven({ dryRun: true });
  const report = await redriven();

  expect(counted.sent).toEqual({ s3: { queues: 2 } });
  expect(report).toMatchObject({ sent: { s3: { queues: 2 } }, objects: 1 });
  expect(report.failed).toEqual([
    expect.objectContaining({ reason: expect.stringContaining('delivered/cis/s3/gone.gz') }),
  ]);
  expect(await bodies(queue)).toEqual([expect.stringContaining('one.gz')]);
  expect(await count(dead)).toBe(1);
});

test('a dead letter whose lines were collected at another time stays', async () => {
  await deadLetter('delivered/cis/s3/one.gz', [line(0)]);

  const report = await redriven({ range: { from: collectedAt + 1, to: collectedAt + 1_000 } });

  expect(report).toMatchObject({ events: 0, outOfRange: 1 });
  expect(await count(dead)).toBe(1);
});

test('a dead letter whose object was written during an upgrade, plain lines among gzip members, goes back', async () => {
  await deadLetter('delivered/cis/s3/one.gz', []);
  const body = Buffer.concat([Buffer.from(line(0)), gzipSync(line(1)), Buffer.from(line(2))]);
  await small.bucket.put('delivered/cis/s3/one.gz', { body, metadata: {} });

  expect((await redriven()).sent).toEqual({ s3: { queues: 3 } });
});

test('a dead letter whose object does not decompress stays, and the next goes back', async () => {
  await deadLetter('delivered/cis/s3/damaged.gz', []);
  await small.bucket.put('delivered/cis/s3/damaged.gz', { body: Buffer.from('no gzip'), metadata: {} });
  await deadLetter('delivered/cis/s3/one.gz', [line(0)]);

  const report = await redriven();

  expect(report.sent).toEqual({ s3: { queues: 1 } });
  expect(report.failed).toEqual([
    expect.objectContaining({ reason: expect.stringContaining('does not decompress') }),
  ]);
  expect(await count(dead)).toBe(1);
});

async function deadLetter(key: string, lines?: readonly string[]): Promise<void> {
  if (lines !== undefined) await small.bucket.put(key, { body: gzipSync(lines.join('')), metadata: {} });
  const record = {
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: small.bucket.name }, object: { key } },
  };
  await small.relay.clients.sqs.send(
    new SendMessageCommand({ QueueUrl: dead.url, MessageBody: JSON.stringify({ Records: [record] }) }),
  );
}

function line(n: number): string {
  const relay = {
    type: 'cis',
    stream: 'relay-cis',
    id: String(n).padStart(32, '0'),
    collected_at: new Date(collectedAt).toISOString(),
  };
  return `${JSON.stringify({ n, _relay: relay })}\n`;
}

async function bodies({ url }: QueueAddress): Promise<readonly (string | undefined)[]> {
  const { Messages = [] } = await small.relay.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body);
}

async function count({ url }: QueueAddress): Promise<number> {
  const { Attributes } = await small.relay.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}
