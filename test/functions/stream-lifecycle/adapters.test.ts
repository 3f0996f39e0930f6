import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { type Simulator, type SimulatorOptions, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoState } from '../../../functions/collector/adapters/dynamo-state.ts';
import { openMosaic } from '../../../functions/mosaic/mosaic.ts';
import { createTokenCache } from '../../../functions/mosaic/token-cache.ts';
import type { KnownStream } from '../../../functions/stored/stream-register.ts';
import { createDynamoKept } from '../../../functions/stream-lifecycle/adapters/dynamo-kept.ts';
import { createDynamoRegister } from '../../../functions/stream-lifecycle/adapters/dynamo-register.ts';
import { createMosaicStreams } from '../../../functions/stream-lifecycle/adapters/mosaic-streams.ts';

describe('the register in the table', () => {
  let aws: LocalAws;
  let client: DynamoDBClient;
  const tableName = 'relay-streams';
  const first: KnownStream = {
    type: 'cis',
    streamId: 'relay-cis',
    retiring: [],
    former: [],
    opened: { managed: true, enrichment: false, retentionDays: 7, found: false },
  };

  beforeAll(async () => {
    aws = await startLocalAws();
    await aws.dynamoDb.createTable(tableName, {
      AttributeDefinitions: [
        { AttributeName: 'stream', AttributeType: 'S' },
        { AttributeName: 'item', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'stream', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    });
    client = new DynamoDBClient({ ...aws.client });
  });
  afterAll(() => aws.close());

  const register = () => createDynamoRegister({ client, tableName });
  const stateOf = (streamName: string) =>
    createDynamoState({
      client,
      tableName,
      streamName,
      streamId: 'relay-cis',
      type: 'cis',
      recordSeconds: 60,
    });

  test('gives back what was written', async () => {
    expect(await register().read('kept')).toBeUndefined();
    expect(await register().write('kept', first, undefined)).toBe(true);
    expect(await register().read('kept')).toEqual(first);
  });

  test('keeps since when a collector has found a retiring stream empty', async () => {
    const retiring = [{ streamId: 'relay-cis-0', since: 5, emptySince: 7 }];
    await register().write('emptied', { ...first, retiring }, undefined);
    expect(await register().read('emptied')).toEqual({ ...first, retiring });
  });

  test('gives back what became of the stream, until it is opened again', async () => {
    const former = [{ streamId: 'relay-cis-0', found: true }];
    await register().write('removed', first, undefined);
    await register().write('removed', { ...first, former, removed: 'kept' }, first);
    expect(await register().read('removed')).toEqual({ ...first, former, removed: 'kept' });
    await register().write('removed', first, first);
    expect(await register().read('removed')).toEqual(first);
  });

  test('keeps which delivery streams are kept, and how far their queues were told', async () => {
    const kept = createDynamoKept({ client, tableName });
    const id = { streamName: 'cis', destination: 'gcs', mark: '0a1b2c3d' };
    const noted = {
      ...id,
      deliveryStream: 'd',
      removedAt: 5,
      toldUntil: 3,
      queueUrl: 'https://sqs.example/q',
      copierEnd: 'copier',
    };
    await kept.takeBack(id);
    await kept.told(id, 4);
    expect(await kept.list()).toEqual([]);
    await kept.note(noted);
    await kept.told(id, 7);
    // A request that is delivered twice changes nothing.
    await kept.note({ ...noted, removedAt: 6 });
    expect(await kept.list()).toEqual([{ ...noted, toldUntil: 7 }]);
    await kept.takeBack(id);
    expect(await kept.list()).toEqual([]);
    await kept.note({ ...noted, removedAt: 8 });
    expect(await kept.list()).toEqual([{ ...noted, removedAt: 8 }]);
    await kept.takeBack(id);
  });

  test('names every reader of a stream, and of no other type', async () => {
    const shared = { ...first, streamId: 'shared' };
    await register().write('reader', shared, undefined);
    await register().write('left', { ...shared, removed: 'kept' }, undefined);
    await register().write('risk', { ...shared, type: 'risk' }, undefined);
    await register().write('another', first, undefined);
    const readers = await register().readersOf({ type: 'cis', streamId: 'shared' });
    expect(readers.toSorted((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
      { name: 'left', known: { ...shared, removed: 'kept' } },
      { name: 'reader', known: shared },
    ]);
  });

  test('reads an item of an earlier version, in which a stream of the portal seemed to be our own', async () => {
    await aws.dynamoDb.call('PutItem', {
      TableName: tableName,
      Item: {
        stream: { S: 'old' },
        item: { S: 'META' },
        type: { S: 'cis' },
        streamId: { S: 'relay-cis' },
        retiring: { L: [] },
        opened: { M: { managed: { BOOL: false }, enrichment: { BOOL: false }, found: { BOOL: false } } },
      },
    });
    expect(await register().read('old')).toEqual({
      type: 'cis',
      streamId: 'relay-cis',
      retiring: [],
      former: [],
      opened: { managed: false, enrichment: false, found: true },
    });
  });

  test('does not overwrite what another deployment wrote meanwhile', async () => {
    await register().write('raced', first, undefined);
    expect(await register().write('raced', { ...first, streamId: 'other' }, undefined)).toBe(false);
    const stale = { ...first, streamId: 'earlier' };
    expect(await register().write('raced', { ...first, streamId: 'other' }, stale)).toBe(false);
    expect(await register().read('raced')).toEqual(first);
  });

  test('notes what a folder is for once, and gives back a stream as before', async () => {
    await register().write('foldered', first, undefined);
    expect(await register().noteFolder('foldered', 'archive', 'kept')).toBe(true);
    expect(await register().noteFolder('foldered', 'archive', 'kept')).toBe(true);
    expect(await register().noteFolder('foldered', 'archive', 'copied')).toBe(false);
    expect(await register().noteFolder('foldered', 'gcs', 'copied')).toBe(true);
    expect(await register().read('foldered')).toEqual(first);
    expect(await register().write('foldered', { ...first, removed: 'kept' }, first)).toBe(true);
    expect(await register().noteFolder('foldered', 'archive', 'copied')).toBe(false);
    expect((await stateOf('foldered').meta.readMeta())?.streamId).toBe('relay-cis');
  });

  test('is read by the collector, which retires what it has read empty', async () => {
    const replaced = { ...first, streamId: 'relay-cis-2', retiring: [{ streamId: 'relay-cis', since: 5 }] };
    await register().write('replaced', first, undefined);
    await register().write('replaced', replaced, first);
    expect(await stateOf('replaced').meta.readMeta()).toMatchObject({
      type: 'cis',
      streamId: 'relay-cis-2',
      retiring: [{ streamId: 'relay-cis', since: 5 }],
    });
    await stateOf('replaced').retiring.retire('relay-cis');
    expect(await register().read('replaced')).toMatchObject({ retiring: [], opened: first.opened });
  });

  test('takes over an item that a collector began', async () => {
    const lease = { run: 'r', startedAt: 1, now: 1, until: 2 };
    await stateOf('begun').meta.acquireLease(lease);
    const begun = await register().read('begun');
    expect(begun).toMatchObject({ streamId: 'relay-cis', opened: undefined });
    await register().write('begun', { ...begun!, removed: 'kept' }, begun);
    expect(await register().read('begun')).toEqual({ ...begun, removed: 'kept' });
    expect(await register().write('begun', first, begun)).toBe(true);
    expect((await stateOf('begun').meta.readMeta())?.lease?.run).toBe('r');
  });
});

describe("Mosaic's streams", () => {
  let simulator: Simulator | undefined;
  const waits: number[] = [];

  afterEach(async () => {
    await simulator?.close();
    simulator = undefined;
    waits.length = 0;
  });

  async function streamsOf(
    options: Pick<Partial<SimulatorOptions>, 'switches' | 'streamQuota' | 'clientSecret' | 'interfere'> = {},
  ) {
    simulator = await startSimulator({
      clock: { now: () => Date.UTC(2026, 2, 1) },
      seed: 1,
      switches: options.switches ?? [],
      streamQuota: options.streamQuota,
      interfere: options.interfere,
    });
    const { url, clientId } = simulator;
    const clientSecret = options.clientSecret ?? simulator.clientSecret;
    const mosaic = openMosaic({
      url,
      apiVersion: 'v1',
      readCredentials: async () => ({ clientId, clientSecret }),
      tokens: createTokenCache(),
      now: () => Date.UTC(2026, 2, 1),
      wireCapBytes: 4096,
    });
    return createMosaicStreams({
      mosaic,
      host: 'api.example.com',
      sleep: async (ms) => void waits.push(ms),
    });
  }

  const wanted = { type: 'cis', id: 'relay-cis', enrichment: true, retentionDays: 14 };

  test('are opened with collection started, and opened again as already there', async () => {
    const streams = await streamsOf();
    expect(await streams.open(wanted)).toEqual({ kind: 'created', withoutRetention: false });
    expect(await streams.open(wanted)).toEqual({ kind: 'already-there', unclear: false });
    expect(simulator?.streams()).toMatchObject([
      { type: 'cis', id: 'relay-cis', enriched: true, retentionMs: 14 * 86_400_000 },
    ]);
  });

  test('are created once, and unclear, where the answer to the first call is lost', async () => {
    let creations = 0;
    const streams = await streamsOf({
      interfere: ({ operation }) =>
        operation === 'create-stream' && ++creations === 1
          ? { after: { kind: 'status', status: 502 } }
          : undefined,
    });
    expect(await streams.open(wanted)).toEqual({ kind: 'already-there', unclear: true });
    expect(simulator?.streams()).toHaveLength(1);
  });

  test('are removed, also twice, and collection is never stopped', async () => {
    const streams = await streamsOf();
    await streams.open(wanted);
    expect(await streams.remove({ type: 'cis', id: 'relay-cis' })).toEqual({ kind: 'deleted' });
    expect(await streams.remove({ type: 'cis', id: 'relay-cis' })).toEqual({ kind: 'not-there' });
    expect(JSON.stringify(simulator?.calls)).not.toContain('stop-collect');
  });

  test('above the quota are refused at once, with what an operator can do', async () => {
    const streams = await streamsOf({ streamQuota: 1 });
    await streams.open(wanted);
    const refused = await streams.open({ ...wanted, id: 'relay-cis-2' });
    expect(refused).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/relay-cis-2.*429.*delete one/),
    });
    expect(waits).toEqual([]);
  });

  test('are refused to a wrong secret, which the message does not repeat', async () => {
    const streams = await streamsOf({ clientSecret: 'wrong-secret-value' });
    const refused = await streams.open(wanted);
    expect(refused).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/401.*check the secret/s),
    });
    expect(JSON.stringify(refused)).not.toContain('wrong-secret-value');
  });
});
