import { DeleteDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callIam } from '../../../cli/access/aws-calls.ts';
import { openRelay } from '../../../cli/access/open-relay.ts';
import { findKept } from '../../../cli/kept/find-kept.ts';
import { readKeptState } from '../../../cli/kept/kept-state.ts';
import { describeWorld } from '../../../local/run/deployed-relay.ts';
import type { LocalDeployment } from '../../infra/local-deployment.ts';
import { localRunFolder } from '../run-relay.ts';
import { hourMs, type KeptStage, startKeptStage } from './kept-stage.ts';

/** Google takes nothing for a while, so that the kept queue holds messages long after Firehose holds nothing. */
describe('relay forget of a destination that was removed', () => {
  let kept: KeptStage;
  let stack: LocalDeployment;

  beforeAll(async () => {
    kept = await startKeptStage({ refuses: true, waitMs: 20 * 60_000 });
    stack = kept.stack;
  }, 240_000);
  afterAll(() => kept?.close());

  test('refuses while Firehose may hold events and the queue holds messages, and status says so', async () => {
    const status = await kept.run('status');
    expect(status.out).toMatch(
      /\ncis\/gcs \(removed\)\n {2}waiting for you: is kept as mosaic-relay-test-cis-gcs-[0-9a-f]{8}\n {2}idle for .*\n(.*\n)* {2}\d+ objects? queued for the copier\n(.*\n)* {2}next: npx relay forget --stream cis --destination gcs --stage test --local --out \S+$/,
    );
    expect(await kept.run('forget', '--list')).toMatchObject({ code: 0, problems: '' });
    expect(await kept.run('forget')).toMatchObject({
      code: 2,
      out: '',
      problems: expect.stringMatching(/^relay forget: This deletes what is empty; .* say --yes to go on$/),
    });

    const { code, problems } = await kept.run('forget', '--stream', 'cis', '--destination', 'gcs', '--yes');
    expect(code).toBe(1);
    expect(problems).toMatch(
      /^relay forget: cis to gcs: mosaic-relay-test-cis-gcs-[0-9a-f]{8} is not empty: Firehose may hold what was put .* ago, .*queued for the copier, .*; wait until it is, see/,
    );
    expect(problems.split('\n')).toHaveLength(1);
    expect(kept.types()).toContain('AWS::KinesisFirehose::DeliveryStream');
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
    await kept.pass(29 * hourMs);
    const { code, problems } = await kept.run('forget', '--yes');
    expect(code).toBe(1);
    expect(problems).toMatch(/is not empty: \d+ objects? queued for the copier; wait/);
  }, 240_000);

  test('names what is kept, where something else was asked for', async () => {
    expect(await kept.run('forget', '--stream', 'risk')).toMatchObject({
      code: 2,
      problems: expect.stringMatching(/keeps nothing of risk; it keeps cis to gcs$/),
    });
  }, 120_000);

  test('counts no object as copied that is older than its queue keeps a message', async () => {
    const { world } = stack;
    const folder = await localRunFolder(describeWorld(world, 'test', world.operatorCredentials()));
    const relay = await openRelay({
      stage: 'test',
      local: true,
      out: folder.path,
      region: undefined,
      settings: undefined,
    });
    try {
      const [stream] = await findKept(relay);
      const now = await readKeptState(relay, stream!);
      expect(now.transit.length).toBeGreaterThan(0);
      expect(now.outlived).toBe(0);
      const later = { ...relay, now: () => relay.now() + 14 * 24 * hourMs };
      expect(await readKeptState(later, stream!)).toMatchObject({
        transit: [],
        outlived: now.transit.length,
      });
    } finally {
      relay.close();
      await folder.remove();
    }
  }, 120_000);

  test('deletes everything of it when it is empty, and nothing of the stack', async () => {
    kept.refuse({ uploads: false });
    await kept.pass(2 * hourMs);
    const before = [...stack.world.deployment.resources.keys()];
    expect((await kept.run('status')).out).toMatch(
      /, empty\n {2}next: npx relay forget --stream cis --destination gcs --stage test --local --out \S+ --yes$/,
    );
    const { code, out } = await kept.run('forget', '--stream', 'cis', '--yes');
    expect(out).toMatch(/was empty and is deleted$/);
    expect(code).toBe(0);
    expect(kept.types()).toEqual([]);
    expect([...stack.world.deployment.resources.keys()]).toEqual(before);
    expect(stack.world.firehose.names).toHaveLength(1);
    expect((await kept.run('status')).out).not.toContain('is kept as');
    expect((await kept.run('forget')).out).toMatch(/keeps nothing of removed destinations$/);
    expect(stack.world.refusals).toEqual([]);
  }, 240_000);
});
