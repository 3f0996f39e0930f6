import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';

/** The items of one stream in the table, whose partition key is `stream` and whose sort key is `item`. */
export interface StreamTable {
  read(item: string): Promise<Attributes | undefined>;
  /** Writes an item unless there is one. */
  add(item: string, attributes: object): Promise<void>;
  /** One conditional write; undefined when the condition did not hold. */
  update(item: string, change: Change): Promise<Changed | undefined>;
  remove(item: string): Promise<void>;
  /** The items from one sort key to another, both included, in order. */
  query(from: string, to: string): Promise<readonly Attributes[]>;
}

export type Attributes = Readonly<Record<string, unknown>>;

export interface Change {
  readonly update: string;
  readonly condition?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, NativeAttributeValue>;
  readonly returning?: 'ALL_OLD' | 'UPDATED_NEW';
}

export interface Changed {
  /** What `returning` asked for; undefined where there was nothing. */
  readonly attributes: Attributes | undefined;
}

export function createStreamTable(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly streamName: string;
}): StreamTable {
  const { client, tableName: TableName, streamName } = options;
  const keyOf = (item: string) => marshall({ stream: streamName, item });

  return {
    async read(item) {
      const input = { TableName, Key: keyOf(item), ConsistentRead: true };
      return plain((await client.send(new GetItemCommand(input))).Item);
    },

    async add(item, attributes) {
      const input = {
        TableName,
        Item: marshall({ stream: streamName, item, ...attributes }, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(#item)',
        ExpressionAttributeNames: { '#item': 'item' },
      };
      await whereTrue(client.send(new PutItemCommand(input)));
    },

    async update(item, change) {
      const input = {
        TableName,
        Key: keyOf(item),
        UpdateExpression: change.update,
        ConditionExpression: change.condition,
        ExpressionAttributeNames: change.names,
        ExpressionAttributeValues: change.values && marshall(change.values, { removeUndefinedValues: true }),
        ReturnValues: change.returning,
      };
      const answer = await whereTrue(client.send(new UpdateItemCommand(input)));
      return answer && { attributes: plain(answer.Attributes) };
    },

    async remove(item) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(item) }));
    },

    async query(from, to) {
      const items: Attributes[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: '#stream = :stream AND #item BETWEEN :from AND :to',
            ExpressionAttributeNames: { '#stream': 'stream', '#item': 'item' },
            ExpressionAttributeValues: marshall({ ':stream': streamName, ':from': from, ':to': to }),
            ExclusiveStartKey,
          }),
        );
        items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return items;
    },
  };
}

function plain(item: Record<string, AttributeValue> | undefined): Attributes | undefined {
  return item === undefined ? undefined : unmarshall(item);
}

async function whereTrue<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
