import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';
import { withoutMarks } from './without-marks.ts';

const events = 300;
const s3 = { kind: 's3', bufferSeconds: 900 } as const;
const gcs = {
  kind: 'gcs',
  bucket: 'mosaic-events',
  provider:
    '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
  bufferSeconds: 900,
} as const;
const stream: StreamSettings = { name: 'cis', id: 'relay-cis', type: 'cis', destinations: [s3, gcs] };
const without: StreamSettings = { ...stream, destinations: [{ ...s3, name: 'other' }] };

/** Each test deploys over what the one before left, as an operator would in the course of months. */
describe('a destination that returns', () => {
  let stack: LocalDeployment;

  beforeAll(async () => {
    stack = await deployLocally({
      settings: { streams: [stream] },
      edit: withoutMarks,
      simulator: { streamQuota: 1 },
    });
    stack.simulator.generate('cis', events);
    stack.world.startSchedules();
    await stack.clock.runUntil(() => full(names()), Number.POSITIVE_INFINITY);
  }, 240_000);
  afterAll(() => stack?.close());

  test('was named by the stack alone before there were marks, and an upgrade replaces nothing', async () => {
    const before = identities();
    await stack.update({ streams: [stream] });
    expect(identities()).toEqual(before);
    expect(stack.world.deployment.kept).toEqual([]);
  }, 120_000);

  test('keeps its names when the deploy that takes it out is rolled back', async () => {
    const before = identities();
    const refused: StreamSettings = { id: 'relay-risk', type: 'risk' };
    await expect(stack.update({ streams: [without, refused] })).rejects.toThrow(/429/);
    expect(identities()).toEqual(before);
    await stack.update({ streams: [stream] });
    expect(identities()).toEqual(before);
  }, 120_000);

  test('has a delivery stream of its own beside the old one, which still holds what it accepted', async () => {
    const old = names();
    await stack.update({ streams: [without] });
    await stack.update({ streams: [stream] });
    expect(names().filter((name) => old.includes(name))).toEqual([]);
    expect(full(old)).toBe(true);
    expect(stack.world.firehose.names).toEqual(expect.arrayContaining([...old, ...names()]));
  }, 120_000);

  test('returns again after a stack that was deleted is deployed anew, and nothing is deleted by hand', async () => {
    const old = stack.world.firehose.names;
    await stack.world.destroy();
    await stack.update({ streams: [stream] }, { adopt: 'cis' });
    expect(names()).toHaveLength(2);
    expect(names().filter((name) => old.includes(name))).toEqual([]);
  }, 120_000);

  test('delivers what the old streams hold and what comes anew, by the permissions of each', async () => {
    const old = stack.world.firehose.names.filter((name) => !names().includes(name));
    stack.world.startSchedules();
    stack.simulator.generate('cis', events);
    await stack.clock.runUntil(() => full(names()), Number.POSITIVE_INFINITY);
    const until = stack.clock.now() + 3 * 3_600_000;
    await stack.clock.runUntil(() => stack.clock.now() > until, Number.POSITIVE_INFINITY);
    stack.world.scheduler.stop();
    for (const name of old) expect(stack.world.firehose.stats(name).bufferedRecords).toBe(0);
    let lines = 0;
    await stack.receivers.of('cis', 'gcs')!.receiver.eachLine(() => {
      lines += 1;
    });
    expect(lines).toBeGreaterThanOrEqual(events);
    expect(stack.world.denials).toEqual([]);
  }, 240_000);

  /** Of the delivery streams of the settings. */
  function names(): readonly string[] {
    return stack.world.deployment
      .byType('AWS::KinesisFirehose::DeliveryStream')
      .map(({ physicalId }) => physicalId);
  }
  function full(deliveryStreams: readonly string[]): boolean {
    return deliveryStreams.every((name) => stack.world.firehose.stats(name).bufferedRecords > 0);
  }
  /** Of everything but the resources that answer names. */
  function identities(): Readonly<Record<string, string>> {
    const resources = [...stack.world.deployment.resources.values()].filter(
      ({ type }) => type !== 'Custom::Delivery',
    );
    return Object.fromEntries(resources.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
  }
});
