import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type LocalAws, region, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

/** As the SDK's client writes it, which is no dependency of this project. */
async function call(operation: string, input: object): Promise<Record<string, unknown>> {
  const { accessKeyId, sessionToken } = aws.client.credentials;
  const response = await fetch(aws.gateway.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260301/${region}/sqs/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      'x-amz-security-token': sessionToken,
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify(input),
  });
  return (await response.json()) as Record<string, unknown>;
}

test('a message travels, and one that is received too often goes to the dead letters', async () => {
  const dead = aws.sqs.createQueue('dead');
  const queue = aws.sqs.createQueue('copies', {
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
  });
  await call('SendMessage', { QueueUrl: queue.url, MessageBody: 'one' });

  const bodies = async (QueueUrl: string) =>
    ((await call('ReceiveMessage', { QueueUrl })).Messages as { Body: string }[] | undefined)?.map(
      (message) => message.Body,
    ) ?? [];

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

  const { QueueUrl } = await call('GetQueueUrl', { QueueName: 'addressed' });
  const { Attributes } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });

  expect(QueueUrl).toBe(queue.url);
  expect(Attributes).toEqual({ QueueArn: queue.arn });
});

test('a batch needs the permission of the single form', async () => {
  const queue = aws.sqs.createQueue('batched');
  await call('DeleteMessageBatch', { QueueUrl: queue.url, Entries: [] });

  expect(aws.calls.at(-1)!.call).toMatchObject({
    operation: 'DeleteMessageBatch',
    action: 'sqs:DeleteMessage',
  });
});
