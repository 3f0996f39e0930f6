import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoSubject, streamTable } from './dynamo-subject.ts';
import { type DynamoDbLocal, dynamoDbLocalMisses, startDynamoDbLocal } from './dynamodb-local.ts';
import { stateContract } from './state-contract.ts';

const missing = dynamoDbLocalMisses();
if (missing !== undefined) console.log(`Amazon's DynamoDB Local is skipped: ${missing}.`);

describe.skipIf(missing !== undefined)('state on Amazon’s DynamoDB Local', () => {
  let local: DynamoDbLocal;
  let client: DynamoDBClient;

  beforeAll(async () => {
    local = await startDynamoDbLocal();
    client = new DynamoDBClient({
      endpoint: local.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await client.send(new CreateTableCommand({ TableName: 'streams', ...streamTable }));
  });
  afterAll(() => local?.stop());

  stateContract(dynamoSubject(() => client, 'streams'));
});
