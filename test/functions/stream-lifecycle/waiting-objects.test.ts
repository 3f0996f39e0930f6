import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWaitingObjects } from '../../../functions/stream-lifecycle/adapters/waiting-objects.ts';

let aws: LocalAws;
let client: S3Client;

beforeAll(async () => {
  aws = await startLocalAws();
  client = new S3Client(aws.client);
});
afterAll(() => aws.close());

test('of what lies in a bucket, quarantine and backups wait for a replay, and copies and what nobody can replay do not', async () => {
  aws.s3.createBucket('stage');
  const waiting = createWaitingObjects({ client, bucket: 'stage' });
  const oldest = async () => (await waiting.oldest(['cis/splunk', 'risk/s3']))?.key;
  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: 'stage', Key, Body: 'x' }));
  await put('journal/cis/2026-03-02/run/000001.json');
  await put('replayed/quarantine/cis/2026-03-02/run/000001.json');
  await put('backup/cis/splunk/everything/dt=2026-03-02/hr=09/copy');
  await put('backup/cis/removed/splunk-failed/dt=2026-03-02/hr=09/failed');
  expect(await oldest()).toBeUndefined();
  await put('backup/cis/splunk/splunk-failed/dt=2026-03-02/hr=09/failed');
  expect(await oldest()).toBe('backup/cis/splunk/splunk-failed/dt=2026-03-02/hr=09/failed');
});
