import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type KeptDeliveryId,
  keptKey,
  keptPartition,
  readKept,
  takeKeptBack,
  writeKept,
  writeToldUntil,
} from '../../stored/kept-delivery.ts';
import { type ItemChange, partitionKey } from '../../stored/stream-item.ts';
import type { KeptRegister } from '../ports.ts';

/** The kept delivery streams of a stage: the items of one partition of its table. */
export function createDynamoKept(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): KeptRegister {
  const { client, tableName } = options;
  const change = async (id: KeptDeliveryId, { update, condition, names, values }: ItemChange) => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: marshall(keptKey(id)),
      UpdateExpression: update,
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: marshall(values),
    });
    await client.send(command).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  };
  return {
    note: (kept) => change(kept, writeKept(kept)),
    takeBack: (id) => change(id, takeKeptBack),
    told: (id, until) => change(id, writeToldUntil(until)),
    async list() {
      const items: Record<string, unknown>[] = [];
      let from: QueryCommandOutput['LastEvaluatedKey'];
      do {
        const page: QueryCommandOutput = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: '#partition = :kept',
            ExpressionAttributeNames: { '#partition': partitionKey },
            ExpressionAttributeValues: marshall({ ':kept': keptPartition }),
            ExclusiveStartKey: from,
          }),
        );
        items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return items.flatMap((item) => readKept(item) ?? []);
    },
  };
}
