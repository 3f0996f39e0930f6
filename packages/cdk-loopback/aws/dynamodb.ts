/// <reference path="./dynalite.d.ts" />
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { bodyOf, withBody } from './answer-body.ts';
import type { AwsAnswer } from './aws-answer.ts';
import type { AwsCall, ServiceStandIn } from './aws-call.ts';
import { itemKey, type KeyNames, leadingKey } from './dynamodb-keys.ts';
import { createForwarder } from './forward.ts';

/** DynamoDB of the local run: dynalite, in memory. */
export interface DynamoDbStandIn extends ServiceStandIn {
  /** @param properties of `AWS::DynamoDB::Table`; what only protects or encrypts is accepted and has no effect */
  createTable(name: string, properties: TableProperties): Promise<void>;
  /**
   * Deletes what its TTL says has expired, of all tables. The real one may take days to do so.
   * @param now milliseconds since the epoch
   * @returns how many items were deleted
   */
  expire(now: number): Promise<number>;
  /** Calls dynalite past the gateway, as CloudFormation or the service itself would. */
  call(operation: string, input: unknown): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface TableProperties {
  readonly AttributeDefinitions?: unknown;
  readonly KeySchema?: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly BillingMode?: string;
  readonly GlobalSecondaryIndexes?: readonly unknown[];
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean };
  readonly [protection: string]: unknown;
}

export async function startDynamoDb(): Promise<DynamoDbStandIn> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const forwarder = createForwarder(port);
  const tables = new Map<string, Table>();
  const keysOf = (awsCall: AwsCall): KeyNames => tables.get(tableName(awsCall.resource))?.keys ?? [];
  const call = (operation: string, input: unknown) => callDynalite(port, operation, input);

  return {
    service: 'dynamodb',
    operations,
    call,
    async handle(awsCall): Promise<AwsAnswer> {
      const answer = await forwarder.forward(awsCall);
      const wantsOld = awsCall.input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      if (!wantsOld || answer.status !== 400) return answer;
      return withBody(
        answer,
        await addOldItem(await bodyOf(answer), awsCall, { keys: keysOf(awsCall), call }),
      );
    },
    contextOf(awsCall): Record<string, string> {
      const key = leadingKey(awsCall.input, keysOf(awsCall));
      return key === undefined ? {} : { 'dynamodb:LeadingKeys': key };
    },
    async createTable(name, properties) {
      refuseUnknown(name, properties);
      await call('CreateTable', {
        TableName: name,
        AttributeDefinitions: properties.AttributeDefinitions,
        KeySchema: properties.KeySchema,
        BillingMode: properties.BillingMode ?? 'PAY_PER_REQUEST',
        GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
      });
      const ttl = properties.TimeToLiveSpecification;
      const schema = properties.KeySchema ?? [];
      tables.set(name, {
        name,
        keys: ['HASH', 'RANGE'].flatMap((type) =>
          schema.filter((key) => key.KeyType === type).map((key) => key.AttributeName),
        ),
        expiry: ttl?.Enabled ? ttl.AttributeName : undefined,
      });
    },
    async expire(now) {
      let deleted = 0;
      for (const table of tables.values()) deleted += await deleteExpired(table, now, call);
      return deleted;
    },
    close: () => closeServer(server, forwarder.close),
  };
}

interface Table {
  readonly name: string;
  readonly keys: KeyNames;
  /** The attribute that holds when an item expires, in seconds; absent where none does. */
  readonly expiry?: string;
}

/** Of `arn:…:table/NAME` or `arn:…:table/NAME/index/…`. */
function tableName(resource: string): string {
  return resource.split('/')[1] ?? '';
}

/** No transactions, and no changes to a table: dynalite has not the first, the template makes the second. */
const operations = new Set([
  'DescribeTable',
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
]);

const knownProperties = new Set([
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'TimeToLiveSpecification',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'DeletionProtectionEnabled',
  'TableClass',
  'Tags',
]);

function refuseUnknown(name: string, properties: TableProperties): void {
  const unknown = Object.keys(properties).filter((property) => !knownProperties.has(property));
  if (unknown.length > 0) throw new Error(`Table ${name}: the local DynamoDB has no ${unknown.join(', ')}.`);
}

type Item = Readonly<Record<string, unknown>>;

/**
 * dynalite does not know `ReturnValuesOnConditionCheckFailure`, so the item is read afterwards. Another write may come
 * between the two; in DynamoDB none can.
 */
async function addOldItem(
  body: Buffer,
  { input }: AwsCall,
  { keys, call }: { readonly keys: KeyNames; readonly call: DynamoDbStandIn['call'] },
): Promise<string> {
  const error = JSON.parse(body.toString()) as { readonly __type: string };
  if (!error.__type.endsWith('#ConditionalCheckFailedException')) return body.toString();
  const Key = itemKey(input, keys);
  const { Item } = await call('GetItem', { TableName: input.TableName, Key, ConsistentRead: true });
  return JSON.stringify({ ...error, Item });
}

async function deleteExpired(table: Table, now: number, call: DynamoDbStandIn['call']): Promise<number> {
  if (table.expiry === undefined) return 0;
  let deleted = 0;
  let start: unknown;
  do {
    const page = await call('Scan', {
      TableName: table.name,
      ExclusiveStartKey: start,
      FilterExpression: '#ttl <= :now',
      ExpressionAttributeNames: { '#ttl': table.expiry },
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1000)) } },
    });
    for (const item of page.Items as readonly Item[]) {
      const Key = Object.fromEntries(table.keys.map((key) => [key, item[key]]));
      await call('DeleteItem', { TableName: table.name, Key });
      deleted += 1;
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return deleted;
}

async function callDynalite(
  port: number,
  operation: string,
  input: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  const output = (await response.json()) as Record<string, unknown>;
  if (response.ok) return output;
  throw new Error(
    `DynamoDB refused ${operation}: ${output.__type} ${output.message ?? output.Message ?? ''}`,
  );
}

function closeServer(server: Server, closeForwarder: () => void): Promise<void> {
  closeForwarder();
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
