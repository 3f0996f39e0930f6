import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Connection, RelayClients } from './deployed-relay.ts';

/** The clients that reach a relay's data. */
export function connect(connection: Connection): RelayClients {
  const common = { ...connection, requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 } };
  return {
    dynamoDb: new DynamoDBClient(common),
    // The delivery itself decides which records are sent again, and when.
    firehose: new FirehoseClient({ ...common, maxAttempts: 2 }),
    s3: new S3Client({ ...common, forcePathStyle: connection.endpoint !== undefined }),
    // The URL of a queue only names it. Its endpoint follows from the Region, as that of every other service.
    sqs: new SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
  };
}

export function disconnect({ dynamoDb, firehose, s3, sqs }: RelayClients): void {
  for (const client of [dynamoDb, firehose, s3, sqs]) client.destroy();
}
