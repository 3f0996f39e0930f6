import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { KnownStream, OpenedAs, StreamRegister } from '../ports.ts';

type Item = Readonly<Record<string, AttributeValue>>;

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
    async write(name, known, before) {
      const update = new UpdateItemCommand({
        TableName: tableName,
        Key: key(name),
        UpdateExpression:
          'SET #type = :type, streamId = :id, retiring = :retiring, opened = :opened, #schema = if_not_exists(#schema, :schema)',
        // Only the id decides: a collector that meanwhile read a retiring stream empty will find it empty again.
        ConditionExpression: before === undefined ? 'attribute_not_exists(streamId)' : 'streamId = :before',
        ExpressionAttributeNames: { '#type': 'type', '#schema': 'schema' },
        ExpressionAttributeValues: {
          ':type': { S: known.type },
          ':id': { S: known.streamId },
          ':retiring': {
            L: known.retiring.map(({ streamId, since }) => ({
              M: { streamId: { S: streamId }, since: { N: String(since) } },
            })),
          },
          ':opened': { M: openedAttributes(known.opened) },
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

function knownStream(item: Item): KnownStream | undefined {
  if (item.streamId?.S === undefined || item.type?.S === undefined) return undefined;
  return {
    type: item.type.S,
    streamId: item.streamId.S,
    retiring: (item.retiring?.L ?? []).map((each) => ({
      streamId: each.M?.streamId?.S ?? '',
      since: Number(each.M?.since?.N),
    })),
    opened: item.opened?.M === undefined ? undefined : openedAs(item.opened.M),
  };
}

function openedAs(item: Item): OpenedAs {
  const days = item.retentionDays?.N;
  return {
    managed: item.managed?.BOOL === true,
    enrichment: item.enrichment?.BOOL === true,
    ...(days === undefined ? {} : { retentionDays: Number(days) }),
    found: item.found?.BOOL === true,
  };
}

function openedAttributes(opened: OpenedAs | undefined): Record<string, AttributeValue> {
  if (opened === undefined) return {};
  return {
    managed: { BOOL: opened.managed },
    enrichment: { BOOL: opened.enrichment },
    found: { BOOL: opened.found },
    ...(opened.retentionDays === undefined ? {} : { retentionDays: { N: String(opened.retentionDays) } }),
  };
}
