import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { ServiceStandIn } from './aws-call.ts';
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
  const expiring = new Map<string, ExpiringTable>();
  const call = (operation: string, input: unknown) => callDynalite(port, operation, input);

  return {
    service: 'dynamodb',
    operations,
    call,
    handle: (awsCall) => forwarder.forward(awsCall),
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
      const keys = (properties.KeySchema ?? []).map((key) => key.AttributeName);
      if (ttl?.Enabled && ttl.AttributeName) expiring.set(name, { name, keys, attribute: ttl.AttributeName });
    },
    async expire(now) {
      let deleted = 0;
      for (const table of expiring.values()) deleted += await deleteExpired(table, now, call);
      return deleted;
    },
    close: () => closeServer(server, forwarder.close),
  };
}

interface ExpiringTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly attribute: string;
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

async function deleteExpired(
  table: ExpiringTable,
  now: number,
  call: DynamoDbStandIn['call'],
): Promise<number> {
  let deleted = 0;
  let start: unknown;
  do {
    const page = await call('Scan', {
      TableName: table.name,
      ExclusiveStartKey: start,
      FilterExpression: '#ttl <= :now',
      ExpressionAttributeNames: { '#ttl': table.attribute },
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
