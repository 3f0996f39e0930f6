import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type LocalAws, region, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;
let client: SQSClient;
beforeAll(async () => {
  aws = await startLocalAws();
  client = new SQSClient(aws.client);
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

test('a message travels, and one that is received too often goes to the dead letters', async () => {
  const dead = aws.sqs.createQueue('dead');
  const queue = aws.sqs.createQueue('copies', {
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
  });
  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'one' }));

  const bodies = async (QueueUrl: string) => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages.map((message) => message.Body);
  };

  expect(await bodies(queue.url)).toEqual(['one']);
  expect(await bodies(queue.url)).toEqual([]);
  expect(await bodies(dead.url)).toEqual(['one']);
  expect(aws.calls.at(-1)!.call).toMatchObject({
    action: 'sqs:ReceiveMessage',
    resource: `arn:aws:sqs:${region}:${accountId}:dead`,
  });
});

test('a queue is told in the account of the run, at the gateway', async () => {
  const queue = aws.sqs.createQueue('addressed');

  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'addressed' }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );

  expect(QueueUrl).toBe(queue.url);
  expect(Attributes).toEqual({ QueueArn: queue.arn });
});

test('a batch needs the permission of the single form', async () => {
  const queue = aws.sqs.createQueue('batched');
  await client
    .send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries: [] }))
    .catch(() => undefined);

  expect(aws.calls.at(-1)!.call).toMatchObject({
    operation: 'DeleteMessageBatch',
    action: 'sqs:DeleteMessage',
  });
});

test('a message is gone when its queue has kept it for the retention period', async () => {
  const queue = aws.sqs.createQueue('short', { VisibilityTimeout: '0', MessageRetentionPeriod: '3600' });
  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'first' }));
  await pass(1_800);
  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'second' }));
  await pass(1_740);
  expect(await countsOf(queue)).toEqual([2, '2']);
  await pass(120);
  expect(await countsOf(queue)).toEqual([1, '1']);
  const received = new ReceiveMessageCommand({ QueueUrl: queue.url });
  expect((await client.send(received)).Messages?.map(({ Body: body }) => body)).toEqual(['second']);
  await pass(1_800);
  expect((await client.send(received)).Messages).toBeUndefined();
  expect(await countsOf(queue)).toEqual([0, '0']);
});

test('dead letters are kept from when they were first sent, and what expired before goes nowhere', async () => {
  const dead = aws.sqs.createQueue('kept-dead', { VisibilityTimeout: '0', MessageRetentionPeriod: '7200' });
  const queue = aws.sqs.createQueue('kept-short', {
    VisibilityTimeout: '0',
    MessageRetentionPeriod: '3600',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
  });
  const receive = async () => void (await client.send(new ReceiveMessageCommand({ QueueUrl: queue.url })));
  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'one' }));
  await receive();
  await pass(1_800);
  await receive();
  await pass(5_340);
  expect(await countsOf(dead)).toEqual([1, '1']);
  await pass(120);
  expect(await countsOf(dead)).toEqual([0, '0']);

  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'two' }));
  await receive();
  await pass(3_600);
  await receive();
  expect([await countsOf(queue), await countsOf(dead)]).toEqual([
    [0, '0'],
    [0, '0'],
  ]);
});

async function pass(seconds: number): Promise<void> {
  const until = aws.clock.now() + seconds * 1_000;
  aws.clock.at(until, () => undefined);
  await aws.clock.runUntil(() => aws.clock.now() >= until, Number.POSITIVE_INFINITY);
}

async function countsOf({ arn, url }: { readonly arn: string; readonly url: string }) {
  const asked = { QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages' as const] };
  const { Attributes: counts } = await client.send(new GetQueueAttributesCommand(asked));
  return [aws.sqs.depth(arn).visible, counts?.ApproximateNumberOfMessages];
}
