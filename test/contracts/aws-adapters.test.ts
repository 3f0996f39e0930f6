import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import {
  accountId,
  type FirehoseFaults,
  type LocalAws,
  type RecordRefusal,
  region,
  roleArn,
  startLocalAws,
} from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, describe } from 'vitest';
import { createFirehoseSink } from '../../functions/collector/adapters/firehose-sink.ts';
import { createS3Journal } from '../../functions/collector/adapters/s3-journal.ts';
import { createS3Quarantine } from '../../functions/collector/adapters/s3-quarantine.ts';
import { dynamoSubject, streamTable } from './dynamo-subject.ts';
import { journalContract } from './journal-contract.ts';
import { sinkContract } from './sink-contract.ts';
import { stateContract } from './state-contract.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const faults: Writable<FirehoseFaults> = {};
let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws({ faults });
  aws.s3.createBucket('journal-bucket');
  aws.s3.createBucket('delivered');
  await aws.dynamoDb.createTable('streams', streamTable);
});
afterAll(() => aws.close());

describe('state on dynalite', () => {
  stateContract(dynamoSubject(() => new DynamoDBClient(aws.client), 'streams'));
});

describe('the journal on fauxqs', () => {
  let streams = 0;
  journalContract(async () => {
    const place = {
      client: new S3Client(aws.client),
      bucket: 'journal-bucket',
      streamName: `cis-${++streams}`,
    };
    return { ...createS3Journal(place), ...createS3Quarantine(place) };
  });
});

describe('a delivery stream on the Firehose stand-in', () => {
  let streams = 0;
  sinkContract({
    async create() {
      const name = `relay-cis-${++streams}`;
      aws.firehose.createDeliveryStream(
        name,
        `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`,
        {
          DeliveryStreamType: 'DirectPut',
          ExtendedS3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::delivered', RoleARN: roleArn },
        },
      );
      return {
        sink: createFirehoseSink({
          client: new FirehoseClient({ ...aws.client, maxAttempts: 1 }),
          deliveryStreamName: name,
        }),
        accepted: () => {
          const { records, rawBytes } = aws.firehose.stats(name);
          return { records, bytes: rawBytes };
        },
        refuse: (codes) => {
          faults.refuseRecord = (stream, index) =>
            stream === name ? (codes[index] as RecordRefusal | undefined) : undefined;
        },
        throttle: () => {
          faults.throttleCall = (stream) => stream === name;
        },
      };
    },
  });
});
