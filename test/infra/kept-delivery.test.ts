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
const gcs = {
  kind: 'gcs',
  bucket: 'mosaic-events',
  provider:
    '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
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

/** The destination is removed while the message of every object waits in its queue, since Google takes nothing. */
describe('a copier whose destination was removed while messages waited in its queue', () => {
  const withGcs = { ...stream, destinations: [gcs] };
  let stack: LocalDeployment;
  let waiting: number;

  beforeAll(async () => {
    stack = await deployLocally({ settings: { streams: [withGcs] } });
    const { clock, simulator, world, receivers } = stack;
    const google = receivers.of('cis', 'gcs')!.receiver;
    google.faults.refuse = { status: 503, headers: { 'retry-after': '120' }, paths: /^\/(upload|storage)\// };
    simulator.generate('cis', events);
    world.startSchedules();
    await clock.runUntil(() => waitingMessages() > 0, Number.POSITIVE_INFINITY);
    await clock.runUntil(
      () => world.firehose.names.every((name) => world.firehose.stats(name).records === 0),
      Number.POSITIVE_INFINITY,
    );
    await passMinutes(30);
    waiting = waitingMessages();
    await stack.update({ streams: [{ ...stream, destinations: [{ kind: 's3', name: 'other' }] }] });
    google.faults.refuse = undefined;
    await passMinutes(60);
    world.scheduler.stop();
  }, 240_000);
  afterAll(() => stack?.close());

  test('copies what the queue held, by the permissions of the role that is kept with it', async () => {
    expect(waiting).toBeGreaterThan(0);
    let lines = 0;
    await stack.receivers.of('cis', 'gcs')!.receiver.eachLine(() => {
      lines += 1;
    });
    expect(lines).toBe(events);
    expect(stack.world.denials).toEqual([]);
    expect(waitingMessages()).toBe(0);
  });

  test('marks what it has copied, so that a rule of the bucket deletes it when its days are over', async () => {
    const [bucket] = stack.world.deployment
      .byType('AWS::S3::Bucket')
      .filter(({ logicalId }) => !logicalId.includes('AccessLogs'));
    const { gatewayUrl: endpoint, region, operatorCredentials } = stack.world;
    const s3 = new S3Client({ endpoint, region, credentials: operatorCredentials(), forcePathStyle: true });
    const listing = new ListObjectsV2Command({ Bucket: bucket!.physicalId, Prefix: 'delivered/cis/gcs/' });
    const { Contents: objects = [] } = await s3.send(listing).finally(() => s3.destroy());
    const tags = objects.map(({ Key }) => stack.world.s3.tagsOf(bucket!.physicalId, String(Key)));
    expect(tags.length).toBeGreaterThan(0);
    expect(tags).toEqual(tags.map(() => ({ RelayCopied: 'true' })));
  });

  test('has nothing taken away by the deploy that removed its destination', () => {
    const copier = stack.world.deployment.kept.filter(({ logicalId }) => logicalId.includes('Copier'));
    expect(copier.map(({ type }) => type).toSorted()).toEqual([
      'AWS::IAM::Role',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::SQS::Queue',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SQS::QueuePolicy',
    ]);
  });

  test('is in the way of nobody: a destination of the same name returns under names of its own', async () => {
    const roles = () => stack.world.deployment.byType('AWS::IAM::Role').map(({ physicalId }) => physicalId);
    const [old] = stack.world.deployment.kept.filter(({ type }) => type === 'AWS::Lambda::Function');
    await stack.update({ streams: [withGcs] });
    const copiers = roles().filter((name) => name.startsWith('mosaic-relay-test-cis-gcs-'));
    expect(copiers).toHaveLength(1);
    expect(copiers).not.toContain(old!.physicalId);
  });

  async function passMinutes(minutes: number): Promise<void> {
    const until = stack.clock.now() + minutes * 60_000;
    await stack.clock.runUntil(() => stack.clock.now() > until, Number.POSITIVE_INFINITY);
  }
  function waitingMessages(): number {
    const { resources, kept } = stack.world.deployment;
    const queues = [...resources.values(), ...kept].filter(
      ({ type, logicalId }) => type === 'AWS::SQS::Queue' && logicalId.includes('Copier'),
    );
    const depths = queues.map(({ arn }) => stack.world.sqs.depth(String(arn)));
    return depths.reduce((sum, { visible, hidden }) => sum + visible + hidden, 0);
  }
});
