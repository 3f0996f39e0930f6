import {
  type CreateTableCommandInput,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createDynamoState } from '../../functions/collector/adapters/dynamo-state.ts';
import type { State } from '../../functions/collector/protocol/ports/state.ts';
import type { StateSubject } from './state-contract.ts';

/** The table, as the stack would create it. */
export const streamTable = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'stream', AttributeType: 'S' },
    { AttributeName: 'item', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'stream', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
} satisfies Partial<CreateTableCommandInput>;

/** Streams of their own in one table. */
export function dynamoSubject(client: () => DynamoDBClient, tableName: string): StateSubject {
  const names = new WeakMap<State, string>();
  let streams = 0;
  return {
    async create() {
      const streamName = `cis-${++streams}`;
      const state = createDynamoState({
        client: client(),
        tableName,
        streamName,
        streamId: 'relay-cis',
        type: 'cis',
        recordSeconds: 37 * 86_400,
      });
      names.set(state, streamName);
      return state;
    },
    async prepareMeta(state, { schema, retiring }) {
      await client().send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: marshall({ stream: names.get(state), item: 'META' }),
          UpdateExpression: 'SET #schema = :schema, retiring = :retiring',
          ExpressionAttributeNames: { '#schema': 'schema' },
          ExpressionAttributeValues: marshall({ ':schema': schema, ':retiring': retiring }),
        }),
      );
    },
  };
}
