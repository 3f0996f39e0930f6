import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';

/**
 * The items of a stream in the table whose key begins with `prefix`, as DynamoDB writes them.
 *
 * @see functions/collector/adapters/dynamo-state.ts for the items' keys
 */
export async function itemsOf(
  stream: Pick<WorldStream, 'name' | 'environment'>,
  world: World,
  prefix: 'OPEN' | 'OPEN#' | 'RUN#',
): Promise<readonly StoredItem[]> {
  const items: StoredItem[] = [];
  let from: unknown;
  do {
    const answer = await world.dynamodb.call('Query', {
      TableName: stream.environment.TABLE_NAME,
      KeyConditionExpression: '#stream = :stream AND begins_with(#item, :prefix)',
      ExpressionAttributeNames: { '#stream': 'stream', '#item': 'item' },
      ExpressionAttributeValues: { ':stream': { S: stream.name }, ':prefix': { S: prefix } },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    items.push(...(answer.Items as readonly StoredItem[]));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

export type StoredItem = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;
