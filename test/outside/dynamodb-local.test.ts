import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoSubject, streamTable } from '../contracts/dynamo-subject.ts';
import { stateContract } from '../contracts/state-contract.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';
import { tellSkipped, temporaryFolder } from './install.ts';
import { javaMisses } from './java.ts';

const folder = temporaryFolder();
const missing = await javaMisses(folder);
tellSkipped('DynamoDB Local', missing, folder);

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
