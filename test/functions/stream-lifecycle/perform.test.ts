import { beforeEach, describe, expect, test } from 'vitest';
import { perform, physicalId } from '../../../functions/stream-lifecycle/perform.ts';
import type { LifecyclePorts } from '../../../functions/stream-lifecycle/ports.ts';
import {
  lifecycleRequest,
  type MemoryMosaic,
  type MemoryRegister,
  type MemoryStack,
  memoryMosaic,
  memoryPorts,
  memoryRegister,
  memoryStack,
} from './memory-mosaic.ts';

let mosaic: MemoryMosaic;
let register: MemoryRegister;
let stack: MemoryStack;
let now: number;
let ports: LifecyclePorts;

beforeEach(() => {
  mosaic = memoryMosaic();
  register = memoryRegister();
  stack = memoryStack();
  now = 1_000;
  ports = memoryPorts({ mosaic, register, stack, now: () => now });
});

const create = (properties?: Record<string, string>) =>
  perform(lifecycleRequest('Create', properties), ports);
const update = (properties?: Record<string, string>) =>
  perform(lifecycleRequest('Update', properties), ports);
const remove = (properties?: Record<string, string>) =>
  perform(lifecycleRequest('Delete', properties), ports);

describe('a stream that is new', () => {
  test('is created and known', async () => {
    expect(await create()).toMatchObject({
      kind: 'done',
      data: { Outcome: 'created', StreamId: 'relay-cis' },
    });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis']);
    expect(register.stored.get('cis')).toMatchObject({ type: 'cis', streamId: 'relay-cis', retiring: [] });
  });

  test('with a pull URL is known, and Mosaic is not asked', async () => {
    mosaic.refusing = { kind: 'refused', message: 'must not be asked' };
    expect(await create({ Managed: 'false' })).toMatchObject({ data: { Outcome: 'portal' } });
    expect(register.stored.get('cis')?.opened?.managed).toBe(false);
  });

  test('that Mosaic refuses fails with what an operator can do, and is not known', async () => {
    mosaic.refusing = {
      kind: 'refused',
      message: 'The tenant has as many streams as it may have: delete one.',
    };
    expect(await create()).toEqual({ kind: 'failed', reason: mosaic.refusing.message });
    expect(register.stored.size).toBe(0);
  });
});

describe('the same request twice', () => {
  test('ends as once', async () => {
    await create();
    const known = register.stored.get('cis');
    await create();
    expect(register.stored.get('cis')).toEqual(known);
    expect(mosaic.streams.size).toBe(1);
  });

  test('of a replacement keeps the old stream once', async () => {
    await create();
    await update({ StreamId: 'relay-cis-2' });
    await update({ StreamId: 'relay-cis-2' });
    expect(register.stored.get('cis')?.retiring).toEqual([{ streamId: 'relay-cis', since: 1_000 }]);
  });
});

describe('a changed id', () => {
  test('creates the new stream and keeps the old one, to be read until it is empty', async () => {
    await create({ OnRemoval: 'delete' });
    now = 2_000;
    await update({ StreamId: 'relay-cis-2', OnRemoval: 'delete' });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis', 'cis/relay-cis-2']);
    expect(register.stored.get('cis')).toMatchObject({
      streamId: 'relay-cis-2',
      retiring: [{ streamId: 'relay-cis', since: 2_000 }],
    });
  });

  test('is the same resource to CloudFormation, which therefore deletes nothing', () => {
    const before = physicalId(lifecycleRequest('Update'));
    expect(physicalId(lifecycleRequest('Update', { StreamId: 'relay-cis-2' }))).toBe(before);
  });

  test('that is rolled back reads the old stream again, and the new one until it is empty', async () => {
    await create();
    await update({ StreamId: 'relay-cis-2' });
    now = 3_000;
    await update({ StreamId: 'relay-cis' });
    expect(register.stored.get('cis')).toMatchObject({
      streamId: 'relay-cis',
      retiring: [{ streamId: 'relay-cis-2', since: 3_000 }],
    });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis', 'cis/relay-cis-2']);
  });

  test('is rolled back also while Mosaic refuses everything', async () => {
    await create();
    await update({ StreamId: 'relay-cis-2' });
    stack.rollingBack = true;
    mosaic.refusing = { kind: 'refused', message: 'Mosaic is away' };

    expect(await update()).toMatchObject({ kind: 'done' });
    expect(register.stored.get('cis')).toMatchObject({
      streamId: 'relay-cis',
      retiring: [{ streamId: 'relay-cis-2' }],
      opened: { found: false },
    });
  });

  test('may come with another retention, which the new stream gets', async () => {
    await create({ RetentionDays: '7' });
    expect(await update({ StreamId: 'relay-cis-2', RetentionDays: '14' })).toMatchObject({ kind: 'done' });
  });

  test('from a pull URL does not read what was made in the portal by its id', async () => {
    await create({ Managed: 'false' });
    await update({ StreamId: 'relay-cis-2' });
    expect(register.stored.get('cis')?.retiring).toEqual([]);
  });
});

describe('what cannot change', () => {
  test('is the type, and the message names both', async () => {
    await create();
    const failed = await update({ StreamType: 'risk' });
    expect(failed).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/carries cis.*become risk/),
    });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis']);
  });

  test('is the retention and enrichment of one id, and the rollback after that succeeds', async () => {
    await create({ RetentionDays: '7' });
    const failed = await update({ RetentionDays: '14', Enrichment: 'true' });
    expect(failed).toMatchObject({
      reason: expect.stringMatching(/the retention and the enrichment.*new id/),
    });
    expect(await update({ RetentionDays: '7' })).toMatchObject({ kind: 'done' });
  });
});

describe('another Mosaic', () => {
  const sandbox = { Mosaic: 'https://api.sbx.example' };
  const eu = { Mosaic: 'https://api.eu.example' };

  test('is refused before it is asked, since nobody would read what the first one still holds', async () => {
    await create(sandbox);
    mosaic.refusing = { kind: 'refused', message: 'must not be asked' };

    const refused = await update(eu);

    expect(refused).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^Mosaic at https:\/\/api.sbx.example has the stream relay-cis of cis/),
    });
    expect(await update({ ...eu, StreamId: 'relay-cis-2' })).toMatchObject({ kind: 'failed' });
    mosaic.refusing = undefined;
    expect((await update(sandbox)).kind).toBe('done');
  });

  test('may be the same one under another address, which adoption says', async () => {
    await create(sandbox);

    expect((await update({ ...eu, Adopt: 'true' })).kind).toBe('done');
    expect(register.stored.get('cis')?.opened?.mosaic).toBe(eu.Mosaic);
    expect((await update(eu)).kind).toBe('done');
  });

  test('may be gone back from by a rollback, which asks Mosaic nothing and keeps what the table knows', async () => {
    mosaic.streams.add('cis/relay-cis');
    await create({ ...sandbox, Adopt: 'true' });
    const risk = { StreamName: 'risk', StreamId: 'relay-risk', StreamType: 'risk' };
    await create({ ...sandbox, ...risk });
    const before = new Map(register.stored);
    mosaic.streams.clear();
    await update({ ...eu, Adopt: 'true' });
    await update({ ...eu, ...risk, Adopt: 'true' });
    stack.rollingBack = true;
    mosaic.refusing = { kind: 'refused', message: 'must not be asked' };

    expect(await update(sandbox)).toMatchObject({ kind: 'done' });
    expect(await update({ ...sandbox, ...risk })).toMatchObject({ kind: 'done' });
    expect(register.stored).toEqual(before);
  });

  test('is named with what adopts all streams of the stage at once', async () => {
    await create(sandbox);
    expect(await update(eu)).toMatchObject({
      reason: expect.stringMatching(/-c adopt=cis, and behind it the other streams/),
    });
  });

  test('is not known of a stream that an earlier version opened, and then is', async () => {
    await create();
    expect(register.stored.get('cis')?.opened).not.toHaveProperty('mosaic');

    expect((await update(eu)).kind).toBe('done');
    expect((await update(sandbox)).kind).toBe('failed');
  });

  test('is another stream’s place under the same id: a stream of another name is not taken for the one there', async () => {
    await create({ OnRemoval: 'delete', ...sandbox });
    mosaic.streams.clear();
    mosaic.streams.add('cis/relay-cis');

    const renamed = await create({ StreamName: 'cis2', OnRemoval: 'delete', ...eu });

    expect(renamed).toMatchObject({ kind: 'failed', reason: expect.stringContaining('does not know it') });
  });

  test.each([
    ['that was replaced before', 'relay-cis'],
    ['itself', 'relay-cis-2'],
  ])(
    'has nothing of a deleted stream that is put back there: the id %s is a stranger’s, and stays so',
    async (_, taken) => {
      const deleting = { OnRemoval: 'delete' };
      await create({ ...deleting, ...sandbox });
      await update({ ...deleting, StreamId: 'relay-cis-2', ...sandbox });
      register.stored.set('cis', { ...register.stored.get('cis')!, retiring: [] });
      await remove({ ...deleting, StreamId: 'relay-cis-2', ...sandbox });
      mosaic.streams.clear();
      mosaic.streams.add(`cis/${taken}`);

      const put = (StreamId: string) => create({ ...deleting, StreamId, ...eu });

      expect(await put(taken)).toMatchObject({ reason: expect.stringContaining('does not know it') });
      expect(await put('relay-cis-3')).toMatchObject({ data: { Outcome: 'created' } });
      expect(register.stored.get('cis')).toMatchObject({ retiring: [], former: [] });
      expect(await put(taken)).toMatchObject({ kind: 'failed' });
      expect(mosaic.streams.has(`cis/${taken}`)).toBe(true);
    },
  );

  test('has nothing deleted by the removal of a stream that the first one has', async () => {
    await create({ OnRemoval: 'delete', ...eu });

    expect(await remove({ OnRemoval: 'delete', ...eu })).toMatchObject({
      data: { Outcome: 'kept', Note: `Mosaic at ${eu.Mosaic} has it` },
    });
    expect(mosaic.streams.size).toBe(1);
  });

  test('is refused by way of a pull URL, too, while a replaced stream is read from the first one', async () => {
    await create(sandbox);
    await update({ Managed: 'false', StreamId: 'portal', ...sandbox });

    expect(await update({ Managed: 'false', StreamId: 'portal', ...eu })).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('has the stream relay-cis of cis'),
    });
  });

  test('has nothing to do with a pull URL, which names its own', async () => {
    await create({ Managed: 'false', ...sandbox });

    expect((await update({ Managed: 'false', ...eu })).kind).toBe('done');
  });
});

describe('a removal', () => {
  test('keeps the stream by default', async () => {
    await create();
    expect(await remove()).toMatchObject({ kind: 'done', data: { Outcome: 'kept' } });
    expect(mosaic.streams.size).toBe(1);
  });

  test('deletes it where the settings say so', async () => {
    await create({ OnRemoval: 'delete' });
    expect(await remove({ OnRemoval: 'delete' })).toMatchObject({ data: { Outcome: 'deleted' } });
    expect(await remove({ OnRemoval: 'delete' })).toMatchObject({ data: { Outcome: 'not-there' } });
    expect(mosaic.streams.size).toBe(0);
  });

  test('never deletes one that is retiring', async () => {
    await create({ OnRemoval: 'delete' });
    await update({ StreamId: 'relay-cis-2', OnRemoval: 'delete' });
    await remove({ StreamId: 'relay-cis-2', OnRemoval: 'delete' });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis']);
  });

  test('that is asked for again deletes nothing of what somebody made since under that id', async () => {
    await create({ OnRemoval: 'delete' });
    await remove({ OnRemoval: 'delete' });
    mosaic.streams.add('cis/relay-cis');
    expect(await remove({ OnRemoval: 'delete' })).toMatchObject({ data: { Outcome: 'not-there' } });
    expect(mosaic.streams.size).toBe(1);
  });

  test('of a stream that was made in the portal deletes nothing, also when its id is in the settings by then', async () => {
    mosaic.streams.add('cis/relay-cis');
    await create({ Managed: 'false' });
    expect(await update({ OnRemoval: 'delete' })).toMatchObject({ data: { Outcome: 'already-there' } });
    expect(await remove({ OnRemoval: 'delete' })).toMatchObject({ data: { Outcome: 'kept' } });
    expect(mosaic.streams.size).toBe(1);
  });

  test('after a creation that failed finds nothing to delete', async () => {
    mosaic.refusing = { kind: 'refused', message: 'no' };
    await create({ OnRemoval: 'delete' });
    expect(await remove({ OnRemoval: 'delete' })).toMatchObject({ kind: 'done', data: { Outcome: 'kept' } });
  });

  test('of a resource that is not this one deletes nothing', async () => {
    await create({ OnRemoval: 'delete' });
    const other = { ...lifecycleRequest('Delete', { OnRemoval: 'delete' }), PhysicalResourceId: 'another' };
    expect(await perform(other, ports)).toMatchObject({ data: { Outcome: 'kept' } });
    expect(mosaic.streams.size).toBe(1);
  });

  test('and a return finds the stream with its settings, and does not read itself as retiring', async () => {
    await create();
    await remove();
    await create();
    expect(register.stored.get('cis')).toMatchObject({
      streamId: 'relay-cis',
      retiring: [],
      opened: { found: false },
    });
  });
});

test('two deployments at once: the second is told', async () => {
  await create({ StreamId: 'later' });
  const racing = {
    ...ports,
    register: {
      ...register,
      read: async () => ({ type: 'cis', streamId: 'relay-cis', retiring: [], former: [] }),
    },
  };
  expect(await perform(lifecycleRequest('Update'), racing)).toMatchObject({ kind: 'failed' });
});

test('properties that are not usable are named', async () => {
  await expect(create({ StreamType: 'siem', OnRemoval: 'drop' })).rejects.toMatchObject({
    code: 'BadProperties',
    message: expect.stringMatching(/StreamType.*OnRemoval/),
  });
});
