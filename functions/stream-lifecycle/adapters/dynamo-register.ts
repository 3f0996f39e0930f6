import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { metaKey } from '../../stored/meta-item.ts';
import { type ItemChange, itemKey } from '../../stored/stream-item.ts';
import {
  noteFolder,
  readersOf,
  readKnownStream,
  streamNameOf,
  writeKnownStream,
} from '../../stored/stream-register.ts';
import type { StreamRegister } from '../ports.ts';
import { scanPages } from './scan-pages.ts';

/**
 * The streams' `META` items, which the lifecycle shares with the collector. An update here touches the lifecycle's
 * attributes alone.
 */
export function createDynamoRegister(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): StreamRegister {
  const { client, tableName } = options;
  const key = (name: string) => marshall(itemKey(name, metaKey));
  const change = async (name: string, { update, condition, names, values = {} }: ItemChange) => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: key(name),
      UpdateExpression: update,
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  return {
    async read(name) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: key(name), ConsistentRead: true }),
      );
      return item === undefined ? undefined : readKnownStream(unmarshall(item));
    },

    // A scan finds streams whose names have left the settings. It runs only where a deploy meets a stream that it
    // does not know, or deletes one.
    async readersOf(stream) {
      const items = await scanPages(client, { tableName, consistent: true, ...readersOf(stream) });
      return items.flatMap((item) => {
        const known = readKnownStream(item);
        return known === undefined ? [] : [{ name: streamNameOf(item), known }];
      });
    },

    write: (name, known, before) => change(name, writeKnownStream(known, before)),

    noteFolder: (name, destination, use) => change(name, noteFolder(destination, use)),
  };
}
