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
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type ItemChange,
  itemIsMissing,
  itemKey,
  itemName,
  partitionKey,
  type StreamItem,
  sortKey,
} from '../../stored/stream-item.ts';

/** The items of one stream in the table, addressed by their sort keys. */
export interface StreamItems {
  read(item: string): Promise<StreamItem | undefined>;
  /** Writes an item unless it exists. */
  add(item: string, attributes: object): Promise<void>;
  /** One conditional write; undefined when the condition did not hold. */
  update(item: string, change: ItemChange): Promise<Changed | undefined>;
  remove(item: string): Promise<void>;
  /** The items from one sort key to another, both included, in order. */
  query(from: string, to: string): Promise<readonly StreamItem[]>;
}

export interface Changed {
  /** The attributes that `returning` asked for; undefined where there were none. */
  readonly attributes: StreamItem | undefined;
}

export function createStreamItems(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly streamName: string;
}): StreamItems {
  const { client, tableName: TableName, streamName } = options;
  const keyOf = (item: string) => marshall(itemKey(streamName, item));

  return {
    async read(item) {
      const input = { TableName, Key: keyOf(item), ConsistentRead: true };
      return plain((await client.send(new GetItemCommand(input))).Item);
    },

    async add(item, attributes) {
      const input = {
        TableName,
        Item: marshall({ ...itemKey(streamName, item), ...attributes }, plainValues),
        ConditionExpression: itemIsMissing,
        ExpressionAttributeNames: itemName,
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
        ExpressionAttributeValues: change.values && marshall(change.values, plainValues),
        ReturnValues: change.returning,
      };
      const answer = await whereTrue(client.send(new UpdateItemCommand(input)));
      return answer && { attributes: plain(answer.Attributes) };
    },

    async remove(item) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(item) }));
    },

    async query(from, to) {
      const items: StreamItem[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: '#stream = :stream AND #item BETWEEN :from AND :to',
            ExpressionAttributeNames: { '#stream': partitionKey, '#item': sortKey },
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

/**
 * `marshall` takes a map with a member `constructor`, such as a destination of that name, for an instance of a
 * class.
 */
const plainValues = { removeUndefinedValues: true, convertClassInstanceToMap: true };

function plain(item: Record<string, AttributeValue> | undefined): StreamItem | undefined {
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
