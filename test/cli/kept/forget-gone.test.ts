import { DeleteDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptPartition } from '../../../functions/stored/kept-delivery.ts';
import { events, hourMs, type KeptStage, startKeptStage } from './kept-stage.ts';

/** Somebody has deleted the kept delivery stream in the console, while Google took nothing. */
describe('relay forget of a kept delivery stream that somebody has deleted', () => {
  let kept: KeptStage;

  beforeAll(async () => {
    kept = await startKeptStage({ refuses: true, waitMs: 20 * 60_000 });
    const { deployment, gatewayUrl, region, operatorCredentials } = kept.stack.world;
    const [stream] = deployment.kept.filter(({ type }) => type === 'AWS::KinesisFirehose::DeliveryStream');
    const firehose = new FirehoseClient({ endpoint: gatewayUrl, region, credentials: operatorCredentials() });
    await firehose
      .send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: stream!.physicalId }))
      .finally(() => firehose.destroy());
  }, 240_000);
  afterAll(() => kept?.close());

  test('is not done while its copier still has something to copy', async () => {
    expect(kept.types()).not.toContain('AWS::KinesisFirehose::DeliveryStream');
    expect((await kept.run('status')).out).toMatch(
      /: was kept as mosaic-relay-test-cis-gcs-[0-9a-f]{8}\n {2}somebody has deleted it\n {2}\d+ objects? queued for the copier\n(.*\n)* {2}next: npx relay forget --stream cis --destination gcs --stage test --local --out \S+$/,
    );
    expect(await kept.run('forget', '--yes')).toMatchObject({
      code: 1,
      problems: expect.stringMatching(
        /: mosaic-\S+ is gone, since somebody has deleted it, and its copier is not empty: \d+ objects? queued for the copier/,
      ),
    });
  }, 240_000);

  test('deletes nothing while a deploy is under way', async () => {
    kept.refuse({ uploads: false });
    await kept.pass(3 * hourMs);
    const before = kept.types();
    const stack = kept.stack.world.deployment as { status: string };
    const { status } = stack;
    for (const busy of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED']) {
      stack.status = busy;
      const { code, problems } = await kept.run('forget', '--yes');
      expect(code).toBe(1);
      expect(problems.split('\n')).toEqual([expect.stringMatching(`is ${busy}, .* nothing was deleted`)]);
    }
    stack.status = status;
    expect(kept.types()).toEqual(before);
  }, 240_000);

  test('deletes role, log group, copier and note once the receiver has every event', async () => {
    expect(await kept.linesAtGoogle()).toBe(events);
    expect((await kept.run('status')).out).toMatch(
      / {2}somebody has deleted it, its note is left\n {2}next: .* --yes$/,
    );
    expect(await kept.run('forget', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/is gone, .*; its note and what else was left of it are deleted$/),
    });
    expect(kept.types()).toEqual([]);
    expect(await notes()).toEqual([]);
    expect((await kept.run('forget')).out).toMatch(/keeps nothing of removed destinations$/);
    expect(kept.stack.world.refusals).toEqual([]);
  }, 240_000);

  async function notes(): Promise<readonly object[]> {
    const { world } = kept.stack;
    const TableName = world.deployment.byType('AWS::DynamoDB::Table')[0]!.physicalId;
    const { Items: items } = (await world.dynamodb.call('Scan', { TableName })) as {
      readonly Items: readonly { readonly stream: { readonly S: string } }[];
    };
    return items.filter(({ stream }) => stream.S === keptPartition);
  }
});
