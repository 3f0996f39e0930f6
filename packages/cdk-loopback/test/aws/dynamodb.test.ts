import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../aws/local-aws.ts';

let aws: LocalAws;
const TableName = 'relay-streams';

beforeAll(async () => {
  aws = await startLocalAws();
  await aws.dynamoDb.createTable(TableName, {
    AttributeDefinitions: [
      { AttributeName: 'stream', AttributeType: 'S' },
      { AttributeName: 'item', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'stream', KeyType: 'HASH' },
      { AttributeName: 'item', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});
afterAll(() => aws.close());

const client = () => new DynamoDBClient({ ...aws.client, maxAttempts: 1 });
const leadingKey = () => aws.calls.at(-1)!.call.context['dynamodb:LeadingKeys'];
const put = (stream: string, item: string, more: Record<string, AttributeValue> = {}) =>
  client().send(
    new PutItemCommand({ TableName, Item: { stream: { S: stream }, item: { S: item }, ...more } }),
  );

test('only items whose time has come are deleted, and only by the sweep', async () => {
  const now = Date.UTC(2026, 2, 1);
  await put('ttl', 'past', { expiresAt: { N: String(now / 1000 - 1) } });
  await put('ttl', 'future', { expiresAt: { N: String(now / 1000 + 1) } });
  await put('ttl', 'never');

  expect(await aws.dynamoDb.expire(now)).toBe(1);

  const left = await client().send(new ScanCommand({ TableName }));
  expect(left.Items!.map((item) => item.item!.S).sort()).toEqual(['future', 'never']);
});

test('the stream that a call is limited to is a condition key', async () => {
  await put('cis', 'META');
  expect(leadingKey()).toBe('cis');

  await client().send(
    new GetItemCommand({ TableName, Key: { stream: { S: 'admin' }, item: { S: 'META' } } }),
  );
  expect(leadingKey()).toBe('admin');

  await client().send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: '#s = :s AND begins_with(#i, :open)',
      ExpressionAttributeNames: { '#s': 'stream', '#i': 'item' },
      ExpressionAttributeValues: { ':s': { S: 'risk' }, ':open': { S: 'OPEN' } },
    }),
  );
  expect(leadingKey()).toBe('risk');

  const Item = { stream: { S: 'verify' }, item: { S: 'a' } };
  await client().send(
    new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }),
  );
  expect(leadingKey()).toBe('verify');

  await client().send(new ScanCommand({ TableName }));
  expect(leadingKey()).toBeUndefined();
});

test('a condition that fails shows the item, where it was asked for', async () => {
  await put('lease', 'META', { holder: { S: 'r1' } });
  const update = {
    TableName,
    Key: { stream: { S: 'lease' }, item: { S: 'META' } },
    UpdateExpression: 'SET holder = :r2',
    ConditionExpression: 'attribute_not_exists(holder)',
    ExpressionAttributeValues: { ':r2': { S: 'r2' } },
  };

  await expect(
    client().send(new UpdateItemCommand({ ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
  ).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { stream: { S: 'lease' }, item: { S: 'META' }, holder: { S: 'r1' } },
  });
  await expect(client().send(new UpdateItemCommand(update))).rejects.toMatchObject({ Item: undefined });
});

test('a property of a table that nothing here knows is refused by name', async () => {
  await expect(aws.dynamoDb.createTable('other', { StreamSpecification: {} })).rejects.toThrow(
    /Table other: the local DynamoDB has no StreamSpecification/,
  );
});

test('a batch over several streams, whose condition key nothing here can state, is refused', async () => {
  const requests = ['cis', 'admin'].map((stream) => ({
    PutRequest: { Item: { stream: { S: stream }, item: { S: 'a' } } },
  }));

  await expect(
    client().send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } })),
  ).rejects.toThrow(/several partition keys/);
  expect(aws.gateway.refusals.at(-1)).toMatchObject({ service: 'dynamodb', operation: 'BatchWriteItem' });
});
