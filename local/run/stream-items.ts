import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Meta, metaKey, readMeta } from '../../functions/stored/meta-item.ts';
import type { openPrefix } from '../../functions/stored/open-item.ts';
import type { runPrefix } from '../../functions/stored/run-item.ts';
import { itemKey, partitionKey, type StreamItem, sortKey } from '../../functions/stored/stream-item.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';

/** The items of a stream in the table whose sort key begins with `prefix`, as DynamoDB writes them. */
export async function itemsOf(
  stream: Pick<WorldStream, 'name' | 'settings'>,
  world: World,
  prefix: typeof openPrefix | typeof runPrefix,
): Promise<readonly StoredItem[]> {
  const items: StoredItem[] = [];
  let from: unknown;
  do {
    const answer = await world.dynamodb.call('Query', {
      TableName: stream.settings.table,
      KeyConditionExpression: '#stream = :stream AND begins_with(#item, :prefix)',
      ExpressionAttributeNames: { '#stream': partitionKey, '#item': sortKey },
      ExpressionAttributeValues: { ':stream': { S: stream.name }, ':prefix': { S: prefix } },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    items.push(...(answer.Items as readonly StoredItem[]));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

export type StoredItem = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** A stream's own item; undefined where there is none. */
export async function metaOf(
  { name, type, id, settings }: Pick<WorldStream, 'name' | 'type' | 'id' | 'settings'>,
  world: World,
): Promise<Meta | undefined> {
  const { Item } = await world.dynamodb.call('GetItem', {
    TableName: settings.table,
    Key: marshall(itemKey(name, metaKey)),
    ConsistentRead: true,
  });
  return readMeta(Item === undefined ? undefined : plainItem(Item as StoredItem), { type, streamId: id });
}

export function plainItem(item: StoredItem): StreamItem {
  return unmarshall(item as Parameters<typeof unmarshall>[0]);
}
