import { accountId, region } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findKept } from '../../../cli/kept/find-kept.ts';
import { type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;

beforeAll(async () => {
  small = await startSmallRelay();
});
afterAll(() => small?.close());

/** @param tags by their names without `Relay` */
function create(name: string, logGroup: string, tags: Readonly<Record<string, string>> = {}): void {
  const { aws, bucket } = small;
  const properties = {
    ExtendedS3DestinationConfiguration: {
      BucketARN: `arn:aws:s3:::${bucket.name}`,
      RoleARN: `arn:aws:iam::${accountId}:role/of-${name}`,
      Prefix: 'delivered/cis/old/',
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: logGroup, LogStreamName: 'delivery' },
    },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key: `Relay${Key}`, Value })),
  };
  aws.firehose.createDeliveryStream(
    name,
    `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`,
    properties,
  );
}

test('what is kept of a stage is found by its tags, and what left before there were tags by its log group', async () => {
  const dev = { Stack: 'mosaic-relay-dev', Stream: 'cis', Destination: 'old' };
  create('mosaic-relay-dev-cis-old-0a1b2c3d', '/mosaic-siem-relay/dev/cis/old/0a1b2c3d', dev);
  create('mosaic-relay-dev-cis-older-4e5f6071', '/mosaic-siem-relay/dev/cis/older');
  create('mosaic-relay-dev-eu-cis-s3-0a1b2c3d', '/mosaic-siem-relay/dev-eu/cis/s3/0a1b2c3d', {
    ...dev,
    Stack: 'mosaic-relay-dev-eu',
  });
  create('mosaic-relay-dev-eu-cis-s3-4e5f6071', '/mosaic-siem-relay/dev-eu/cis/s3');
  create('mosaic-relay-dev-by-hand', '/somebody/else');
  expect(await findKept(small.relay)).toMatchObject([
    {
      streamName: 'cis',
      destination: 'old',
      mark: '0a1b2c3d',
      role: 'of-mosaic-relay-dev-cis-old-0a1b2c3d',
      metrics: 'DeliveryToS3',
      copierEnd: '0a1b2c3d',
    },
    { streamName: 'cis', destination: 'older', mark: '4e5f6071', copierEnd: 'copier' },
  ]);
});

test('delivery streams are found beyond the first page', async () => {
  for (let number = 0; number < 120; number += 1) {
    const mark = `0000${String(number).padStart(4, '0')}`;
    create(`mosaic-relay-dev-risk-old-${mark}`, `/mosaic-siem-relay/dev/risk/old/${mark}`);
  }
  const found = (await findKept(small.relay)).filter(({ streamName }) => streamName === 'risk');
  expect(found).toHaveLength(120);
});
