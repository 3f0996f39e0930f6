import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { StreamRegister } from '../ports.ts';
import { type Item, knownStream, registerUpdate } from './register-item.ts';
import { scanPages } from './scan-pages.ts';

/**
 * The streams' `META` items, of which the collector owns the rest: an update touches the lifecycle's own attributes
 * and the shape is that of `functions/collector/adapters/dynamo-state.ts`.
 */
export function createDynamoRegister(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): StreamRegister {
  const { client, tableName } = options;
  const key = (name: string) => ({ stream: { S: name }, item: { S: 'META' } });
  return {
    async read(name) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: key(name), ConsistentRead: true }),
      );
      return item === undefined ? undefined : knownStream(item);
    },

    // A scan, since names of streams that left the settings are not known: only where a deploy meets a stream that it
    // does not know, or deletes one.
    async readersOf({ type, streamId }) {
      const items = await scanPages(client, {
        TableName: tableName,
        ConsistentRead: true,
        FilterExpression: '#item = :meta AND streamId = :id AND #type = :type',
        ExpressionAttributeNames: { '#item': 'item', '#type': 'type' },
        ExpressionAttributeValues: { ':meta': { S: 'META' }, ':id': { S: streamId }, ':type': { S: type } },
      });
      return items.flatMap((item: Item) => {
        const known = knownStream(item);
        return known === undefined ? [] : [{ name: item.stream?.S ?? '', known }];
      });
    },

    async write(name, known, before) {
      const { set, remove, values } = registerUpdate(known);
      const update = new UpdateItemCommand({
        TableName: tableName,
        Key: key(name),
        UpdateExpression: [
          `SET ${set.join(', ')}, #schema = if_not_exists(#schema, :schema)`,
          ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(', ')}`]),
        ].join(' '),
        // Only the id decides: a collector that meanwhile read a retiring stream empty will find it empty again.
        ConditionExpression: before === undefined ? 'attribute_not_exists(streamId)' : 'streamId = :before',
        ExpressionAttributeNames: { '#type': 'type', '#schema': 'schema' },
        ExpressionAttributeValues: {
          ...values,
          ':schema': { N: '1' },
          ...(before === undefined ? {} : { ':before': { S: before.streamId } }),
        },
      });
      try {
        await client.send(update);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
