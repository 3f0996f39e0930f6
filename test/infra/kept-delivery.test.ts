import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';

const events = 300;
const splunk = {
  kind: 'splunk',
  endpoint: 'https://splunk.acme.test:8088',
  secret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf',
} as const;
const stream: StreamSettings = {
  name: 'cis',
  id: 'relay-cis',
  type: 'cis',
  destinations: [{ kind: 's3', bufferSeconds: 900 }, splunk],
};

/** Both destinations are removed while their delivery streams hold everything, and Splunk does not answer. */
describe('delivery streams of destinations that were removed with full buffers', () => {
  let stack: LocalDeployment;
  let keysBefore: readonly string[];

  beforeAll(async () => {
    stack = await deployLocally({ settings: { streams: [stream] } });
    const { clock, simulator, world, receivers } = stack;
    receivers.of('cis', 'splunk')!.receiver.faults.down = true;
    simulator.generate('cis', events);
    world.startSchedules();
    const hold = () => world.firehose.names.every((name) => world.firehose.stats(name).records > 0);
    await clock.runUntil(hold, Number.POSITIVE_INFINITY);
    keysBefore = await deliveredKeys();
    await stack.update({ streams: [{ ...stream, destinations: [{ kind: 's3', name: 'other' }] }] });
    const until = clock.now() + 3 * 3_600_000;
    await clock.runUntil(() => clock.now() > until, Number.POSITIVE_INFINITY);
    world.scheduler.stop();
  }, 240_000);
  afterAll(() => stack?.close());

  test('write to the bucket what they held, by the permissions of the roles that are kept with them', async () => {
    expect(keysBefore).toEqual([]);
    expect(await deliveredKeys()).not.toEqual([]);
    expect(stack.world.denials).toEqual([]);
  });

  test('back up what their receiver does not take', async () => {
    expect(await keysIn('backup/cis/splunk/')).not.toEqual([]);
  });

  const deliveredKeys = () => keysIn('delivered/cis/s3/');
  async function keysIn(prefix: string): Promise<readonly string[]> {
    const [bucket] = stack.world.deployment
      .byType('AWS::S3::Bucket')
      .filter(({ logicalId }) => !logicalId.includes('AccessLogs'));
    const { gatewayUrl, region, operatorCredentials } = stack.world;
    const s3 = new S3Client({
      endpoint: gatewayUrl,
      region,
      credentials: operatorCredentials(),
      forcePathStyle: true,
    });
    const listing = new ListObjectsV2Command({ Bucket: bucket!.physicalId, Prefix: prefix });
    const { Contents = [] } = await s3.send(listing).finally(() => s3.destroy());
    return Contents.map(({ Key }) => String(Key));
  }
});
