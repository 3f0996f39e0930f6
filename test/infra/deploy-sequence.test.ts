import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';

/** Each test deploys over what the one before left, as an operator would in the course of months. */
describe('a stack in the course of its life', () => {
  let stack: LocalDeployment;
  const signIns: StreamSettings = { name: 'sign-ins', id: 'relay-cis', type: 'cis', retention: 7 };
  const audit: StreamSettings = { name: 'audit', id: 'relay-admin', type: 'admin', onRemoval: 'delete' };
  const replaced: StreamSettings = { ...signIns, id: 'relay-cis-2' };

  beforeAll(async () => {
    stack = await deployLocally({ settings: { streams: [signIns, audit] }, simulator: { streamQuota: 4 } });
  });
  afterAll(() => stack.close());

  const inMosaic = () =>
    stack.simulator
      .streams()
      .flatMap(({ id, deletedAt }) => (deletedAt === undefined ? [id] : []))
      .toSorted();
  const calls = () => stack.simulator.calls.map(({ operation }) => operation);

  test('has its streams in Mosaic after the first deploy, with the retention of the settings', () => {
    expect(inMosaic()).toEqual(['relay-admin', 'relay-cis']);
    const signInsStream = stack.simulator.streams().find(({ id }) => id === 'relay-cis');
    expect(signInsStream?.retentionMs).toBe(7 * 86_400_000);
    expect(stack.world.denials).toEqual([]);
  });

  test('asks Mosaic nothing when it is deployed again unchanged', async () => {
    const before = calls().length;
    await stack.update({ streams: [audit, signIns] });
    expect(calls()).toHaveLength(before);
  });

  test('opens the stream of a new id beside the old one, which the collector reads until it is empty', async () => {
    await stack.update({ streams: [replaced, audit] });
    expect(inMosaic()).toEqual(['relay-admin', 'relay-cis', 'relay-cis-2']);
    expect(await retiringOf('sign-ins')).toEqual(['relay-cis']);
  });

  test('is as it was after an update that Mosaic refuses, and the message says what to do', async () => {
    const two: readonly StreamSettings[] = [
      { id: 'relay-risk', type: 'risk' },
      { id: 'relay-verify', type: 'verify' },
    ];
    const failing = stack.update({ streams: [replaced, audit, ...two] });
    await expect(failing).rejects.toThrow(/429.*as many event streams as it may have: delete one/s);
    expect(stack.world.streams.map(({ name }) => name).toSorted()).toEqual(['audit', 'sign-ins']);
    // Rolled back like a removal: by default nothing is deleted.
    expect(inMosaic()).toEqual(['relay-admin', 'relay-cis', 'relay-cis-2', 'relay-risk']);
  });

  test('refuses to turn a stream into one of another type', async () => {
    const turned = stack.update({ streams: [{ ...replaced, type: 'risk' }, audit] });
    await expect(turned).rejects.toThrow(/sign-ins carries cis and cannot become risk.*a name of its own/s);
  });

  test('deletes the stream that was to be deleted on removal, and keeps its delivery stream', async () => {
    const deliveryStreams = stack.world.firehose.names;
    await stack.update({ streams: [replaced] });
    expect(inMosaic()).not.toContain('relay-admin');
    expect(stack.world.firehose.names).toEqual(deliveryStreams);
  });

  test('leaves every other stream in Mosaic when it is deleted, and keeps what holds data', async () => {
    const before = inMosaic();
    const kept = await stack.world.destroy();
    expect(inMosaic()).toEqual(before);
    expect(before).toEqual(expect.arrayContaining(['relay-cis', 'relay-cis-2']));
    const types = new Set(kept.map(({ type }) => type));
    for (const type of ['S3::Bucket', 'DynamoDB::Table', 'KMS::Key', 'KinesisFirehose::DeliveryStream']) {
      expect(types).toContain(`AWS::${type}`);
    }
  });

  test('never asked Mosaic to stop collecting a type', () => {
    expect(calls()).not.toContain('stop-collect');
  });

  async function retiringOf(stream: string): Promise<readonly unknown[]> {
    const [table] = stack.world.deployment.byType('AWS::DynamoDB::Table');
    const { Item: item } = (await stack.world.dynamodb.call('GetItem', {
      TableName: table?.physicalId,
      Key: { stream: { S: stream }, item: { S: 'META' } },
    })) as { Item: { retiring: { L: { M: { streamId: { S: string } } }[] } } };
    return item.retiring.L.map(({ M }) => M.streamId.S);
  }
});

describe('a deploy that cannot succeed says why, in words that an operator can act on', () => {
  const streams: readonly StreamSettings[] = [{ id: 'relay-cis', type: 'cis' }];

  test('a secret without the two fields', async () => {
    const message = await refusal('{"id":"a","secret":"not-this-one"}');
    expect(message).toMatch(
      /Secret relay\/test must hold .*client_id.*client_secret.*it has no client_id and no client_secret/,
    );
    expect(message).not.toContain('not-this-one');
  });

  test('a client that Mosaic does not know', async () => {
    const wrong = JSON.stringify({ client_id: 'relay-local', client_secret: 'not-this-one' });
    const message = await refusal(wrong);
    expect(message).toMatch(/401.*must be those of a management app/s);
    expect(message).not.toContain('not-this-one');
  });

  async function refusal(mosaicSecret: string): Promise<string> {
    const deploying = deployLocally({ settings: { streams }, mosaicSecret });
    const error = await deploying.then(
      () => undefined,
      (reason: Error) => reason,
    );
    return error?.message ?? 'it was deployed';
  }
});
