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
