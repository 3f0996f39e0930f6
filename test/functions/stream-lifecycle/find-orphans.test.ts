import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDynamoState } from '../../../functions/collector/adapters/dynamo-state.ts';
import { createDynamoUnfinishedRuns } from '../../../functions/stream-lifecycle/adapters/dynamo-unfinished-runs.ts';
import { findOrphans } from '../../../functions/stream-lifecycle/find-orphans.ts';

const tableName = 'relay-streams';
let aws: LocalAws;
let client: DynamoDBClient;

beforeAll(async () => {
  aws = await startLocalAws();
  await aws.dynamoDb.createTable(tableName, {
    AttributeDefinitions: [
      { AttributeName: 'stream', AttributeType: 'S' },
      { AttributeName: 'item', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'stream', KeyType: 'HASH' },
      { AttributeName: 'item', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  client = new DynamoDBClient({ ...aws.client });
  await opened('kept', 'r1', 5);
  await opened('removed', 'r2', 5);
  await opened('removed', 'r3', 500);
  await stateOf('removed').meta.acquireLease({ run: 'r3', startedAt: 1, now: 1, until: 2 });
});
afterAll(() => aws.close());

const stateOf = (streamName: string) =>
  createDynamoState({ client, tableName, streamName, streamId: 'id', type: 'cis', recordSeconds: 60 });
const opened = (stream: string, run: string, sealAfter: number) =>
  stateOf(stream).openRuns.open({ run, startedAt: 1, sealAfter, done: { s3: 0 }, tries: {} });
const search = (streams: readonly string[], now: number) =>
  findOrphans(streams, { unfinished: createDynamoUnfinishedRuns({ client, tableName }), now: () => now });

test('a run that a removed stream left unfinished is an orphan, and one of a stream that is there is not', async () => {
  expect(await search(['kept'], 100)).toMatchObject([{ stream: 'removed', run: 'r2', sealAfter: 5 }]);
});

test('a run that may still be alive is no orphan yet', async () => {
  expect((await search(['kept'], 500)).map(({ run }) => run).toSorted()).toEqual(['r2', 'r3']);
});

test('nothing is an orphan while its stream is in the settings', async () => {
  expect(await search(['kept', 'removed'], 500)).toEqual([]);
});
