import { DeleteDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callIam } from '../../../cli/access/aws-calls.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { describeWorld } from '../../../local/run/deployed-relay.ts';
import { deployLocally, type LocalDeployment } from '../../infra/local-deployment.ts';
import { type CommandRun, localRunFolder, runRelay } from '../run-relay.ts';

const hourMs = 3_600_000;
const events = 60;
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
  destinations: [{ kind: 's3', name: 'lake' }, gcs],
};
const without: StreamSettings = { ...stream, destinations: [{ kind: 's3', name: 'lake' }] };

/** Google takes nothing for a while, so that the kept queue holds messages long after Firehose holds nothing. */
describe('relay forget of a destination that was removed', () => {
  let stack: LocalDeployment;
  let folder: Awaited<ReturnType<typeof localRunFolder>> | undefined;

  beforeAll(async () => {
    stack = await deployLocally({ settings: { streams: [stream] } });
    const { clock, simulator, world } = stack;
    google().faults.refuse = {
      status: 503,
      headers: { 'retry-after': '120' },
      paths: /^\/(upload|storage)\//,
    };
    simulator.generate('cis', events);
    world.startSchedules();
    const put = () => world.firehose.names.every((name) => world.firehose.stats(name).records > 0);
    await clock.runUntil(put, Number.POSITIVE_INFINITY);
    await pass(20 * 60_000);
    world.scheduler.stop();
    await stack.update({ streams: [without] });
    // Those of the stream lifecycle alone: whole days of collecting would prove nothing here.
    world.startSchedules(() => false);
  }, 240_000);
  afterEach(() => folder?.remove());
  afterAll(() => stack?.close());

  test('refuses while Firehose may hold events and the queue holds messages, and status says so', async () => {
    const status = await run('status');
    const [kept = ''] = status.out.split('\n').filter((line) => line.includes('is kept as'));
    expect(kept).toMatch(
      /^cis to gcs is kept as mosaic-relay-test-cis-gcs-[0-9a-f]{8}: idle for .*, \d+ objects? queued; next: npx relay forget --stage test --stream cis --destination gcs$/,
    );
    expect(await run('forget')).toMatchObject({ code: 0, problems: '' });

    const { code, problems } = await run('forget', '--stream', 'cis', '--destination', 'gcs', '--yes');
    expect(code).toBe(1);
    expect(problems).toMatch(
      /^relay forget: cis to gcs: mosaic-relay-test-cis-gcs-[0-9a-f]{8} is not empty: Firehose may hold what was put .* ago, .*queued for the copier, .*; wait until it is, see/,
    );
    expect(problems.split('\n')).toHaveLength(1);
    expect(keptTypes()).toContain('AWS::KinesisFirehose::DeliveryStream');
  }, 120_000);

  test('is held to what AWS deletes: nothing of the stack, and no role that has a policy', async () => {
    const { gatewayUrl, region, operatorCredentials, deployment } = stack.world;
    const connection = { endpoint: gatewayUrl, region, credentials: operatorCredentials() };
    const firehose = new FirehoseClient(connection);
    const [live] = deployment.byType('AWS::KinesisFirehose::DeliveryStream');
    const deletion = new DeleteDeliveryStreamCommand({ DeliveryStreamName: live!.physicalId });
    await expect(firehose.send(deletion)).rejects.toThrow(/belongs to mosaic-relay-test/);
    firehose.destroy();
    const [role] = deployment.kept.filter(({ type }) => type === 'AWS::IAM::Role');
    const RoleName = role!.physicalId;
    await expect(callIam(connection, 'DeleteRole', { RoleName })).rejects.toThrow(/DeleteConflict/);
    await expect(callIam(connection, 'DeleteRole', { RoleName, Force: 'true' })).rejects.toThrow(/Force/);
    expect(await callIam(connection, 'DeleteRole', { RoleName: 'nobody' })).toBeUndefined();
  }, 120_000);

  test('refuses still when only the queue holds something', async () => {
    await pass(27 * hourMs);
    const { code, problems } = await run('forget', '--yes');
    expect(code).toBe(1);
    expect(problems).toMatch(/is not empty: \d+ objects? queued for the copier; wait/);
  }, 240_000);

  test('names what is kept, where something else was asked for', async () => {
    expect(await run('forget', '--stream', 'risk')).toMatchObject({
      code: 2,
      problems: expect.stringMatching(/keeps nothing of risk; it keeps cis to gcs$/),
    });
  }, 120_000);

  test('deletes everything of it when it is empty, and nothing of the stack', async () => {
    google().faults.refuse = undefined;
    await pass(2 * hourMs);
    const before = [...stack.world.deployment.resources.keys()];
    const line = (await run('status')).out.split('\n').find((each) => each.includes('is kept as'));
    expect(line).toMatch(
      /, empty; next: npx relay forget --stage test --stream cis --destination gcs --yes$/,
    );
    const { code, out } = await run('forget', '--stream', 'cis', '--yes');
    expect(out).toMatch(/was empty and is deleted$/);
    expect(code).toBe(0);
    expect(keptTypes()).toEqual([]);
    expect([...stack.world.deployment.resources.keys()]).toEqual(before);
    expect(stack.world.firehose.names).toHaveLength(1);
    expect((await run('status')).out).not.toContain('is kept as');
    expect((await run('forget')).out).toMatch(/keeps nothing of removed destinations$/);
    expect(stack.world.refusals).toEqual([]);
  }, 240_000);

  async function run(...args: readonly string[]): Promise<CommandRun> {
    folder = await localRunFolder(describeWorld(stack.world, 'test', stack.world.operatorCredentials()));
    const found = await runRelay([...args, '--local', '--stage', 'test', '--out', folder.path]);
    await folder.remove();
    folder = undefined;
    return found;
  }
  function keptTypes(): readonly string[] {
    return stack.world.deployment.kept.map(({ type }) => type);
  }
  function google() {
    return stack.receivers.of('cis', 'gcs')!.receiver;
  }
  async function pass(ms: number): Promise<void> {
    await stack.clock.runUntil(() => false, stack.clock.now() + ms);
  }
});
