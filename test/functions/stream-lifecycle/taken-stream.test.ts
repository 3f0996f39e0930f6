import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { KnownStream } from '../../../functions/stored/stream-register.ts';
import { perform } from '../../../functions/stream-lifecycle/perform.ts';
import type { LifecyclePorts } from '../../../functions/stream-lifecycle/ports.ts';
import { responseBody } from '../../../functions/stream-lifecycle/response.ts';
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
let ports: LifecyclePorts;

beforeEach(() => {
  mosaic = memoryMosaic();
  register = memoryRegister();
  stack = memoryStack();
  ports = memoryPorts({ mosaic, register, stack });
});

const ask = (
  type: 'Create' | 'Update' | 'Delete',
  properties: Record<string, string>,
  changes: { readonly PhysicalResourceId?: string } = {},
) => {
  const own = { PhysicalResourceId: `mosaic-relay-test/${properties.StreamName ?? 'cis'}` };
  const request = { ...lifecycleRequest(type, properties), ...(type === 'Create' ? {} : own), ...changes };
  return perform(request, ports);
};
const create = (properties: Record<string, string> = {}) => ask('Create', properties);
const update = (properties: Record<string, string> = {}) => ask('Update', properties);
const remove = (properties: Record<string, string> = {}) => ask('Delete', properties);
const deleting = { OnRemoval: 'delete' };

describe('a stream that Mosaic has already, and the table does not know', () => {
  test('fails the deploy with the three cases, and is not known afterwards either', async () => {
    mosaic.streams.add('cis/relay-cis');
    expect(await create()).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(
        /cis stream relay-cis.*another deployment or connector reads it.*another id.*failed half-way.*made again.*-c adopt=cis.*adopt: true/,
      ),
    });
    expect(register.stored.size).toBe(0);
  });

  test('is told in the words that docs/deploy.md explains', async () => {
    mosaic.streams.add('cis/relay-cis');
    const failed = await create();
    const page = readFileSync(join(import.meta.dirname, '../../../docs/deploy.md'), 'utf8');
    const quoted = page.replaceAll(/\n> /g, ' ');
    expect(quoted).toContain(failed.kind === 'failed' ? failed.reason : 'it failed');
  });

  test('is not deleted by the rollback of that deploy', async () => {
    mosaic.streams.add('cis/relay-cis');
    await create(deleting);
    expect(await remove(deleting)).toMatchObject({ kind: 'done', data: { Outcome: 'kept' } });
    expect(mosaic.streams.size).toBe(1);
  });

  test('fails a changed id too, and the rollback goes on reading the old stream', async () => {
    await create();
    mosaic.streams.add('cis/relay-cis-2');
    expect(await update({ StreamId: 'relay-cis-2' })).toMatchObject({ kind: 'failed' });
    expect(await update()).toMatchObject({ kind: 'done' });
    expect(register.stored.get('cis')).toMatchObject({ streamId: 'relay-cis', retiring: [] });
  });

  test('is adopted where the operator says so, and never deleted by a rollback or a removal', async () => {
    mosaic.streams.add('cis/relay-cis');
    expect(await create({ ...deleting, Adopt: 'true' })).toMatchObject({ data: { Outcome: 'adopted' } });
    expect(await remove({ ...deleting, Adopt: 'true' })).toMatchObject({ data: { Outcome: 'kept' } });
    await create({ ...deleting, Adopt: 'true' });
    expect(await update(deleting)).toMatchObject({ data: { Outcome: 'already-there' } });
    await remove(deleting);
    expect(mosaic.streams.size).toBe(1);
  });

  test('fails with a message that fits into an answer, whatever the names', async () => {
    const properties = { StreamName: 'n'.repeat(40), StreamId: 'i'.repeat(128) };
    mosaic.streams.add(`cis/${properties.StreamId}`);
    mosaic.silent = true;
    const failed = await create(properties);
    const told = JSON.parse(responseBody(lifecycleRequest('Create', properties), failed)) as {
      Reason: string;
    };
    expect(told.Reason).toContain('adopt: true in the settings of the stream.');
  });

  test('may be read by another name that left a stream of another type behind', async () => {
    await create({ StreamName: 'other', StreamType: 'risk' });
    mosaic.streams.add('cis/relay-cis');
    expect(await create()).toMatchObject({ kind: 'failed' });
  });
});

describe('credentials that are changed', () => {
  const ours = { ...deleting, Secret: 'relay/ours' };
  const theirs = { ...deleting, Secret: 'relay/theirs' };
  const change = (properties: Record<string, string>, before: Record<string, string>) =>
    perform({ ...lifecycleRequest('Update', properties), OldResourceProperties: before }, ports);

  test('to those of another tenant are refused, and leave no stream there', async () => {
    await create(ours);
    mosaic.streams.clear();
    expect(await change(theirs, ours)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/relay-cis of cis by the credentials in relay\/theirs: .*-c adopt=cis/),
    });
    expect(mosaic.streams.size).toBe(0);
  });

  test('back by the rollback of that deploy are not refused, whichever the function has by then', async () => {
    await create(ours);
    mosaic.streams.clear();
    stack.rollingBack = true;
    expect(await change(ours, theirs)).toMatchObject({ kind: 'done' });
    expect(mosaic.streams.size).toBe(0);
  });

  test('back by a rollback delete nothing that the table relies on', async () => {
    await create(ours);
    stack.rollingBack = true;
    expect(await change(ours, theirs)).toMatchObject({ kind: 'done' });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis']);

    mosaic.streams.clear();
    const { open } = mosaic;
    let opened = 0;
    mosaic.open = (stream) => {
      opened += 1;
      return open(stream);
    };
    expect(await change(ours, theirs)).toMatchObject({ kind: 'done' });
    expect(opened).toBe(0);
  });

  test('within a tenant find their stream, and so does a secret that nobody changed', async () => {
    await create(ours);
    expect(await change(theirs, ours)).toMatchObject({ data: { Outcome: 'already-there' } });
    mosaic.streams.clear();
    expect(await change(theirs, theirs)).toMatchObject({ data: { Outcome: 'created' } });
  });

  test('are taken where the operator says that the stream was deleted', async () => {
    await create(ours);
    mosaic.streams.clear();
    expect(await change({ ...theirs, Adopt: 'true' }, ours)).toMatchObject({
      data: { Outcome: 'created' },
    });
  });
});

describe('a stream that does not exist', () => {
  test('is created also where it may be adopted, and is then this stage’s own', async () => {
    expect(await create({ ...deleting, Adopt: 'true' })).toMatchObject({ data: { Outcome: 'created' } });
    expect(await remove(deleting)).toMatchObject({ data: { Outcome: 'deleted' } });
  });
});

describe('a creation that did not come to its end', () => {
  test('leaves a stream that the next attempt adopts, or names', async () => {
    register.dying = true;
    await expect(create(deleting)).rejects.toThrow('the process died');
    register.dying = false;
    expect(await create(deleting)).toMatchObject({ reason: expect.stringContaining('-c adopt=cis') });
    await remove(deleting);
    expect([...mosaic.streams]).toEqual(['cis/relay-cis']);
    expect(await create({ Adopt: 'true' })).toMatchObject({ data: { Outcome: 'adopted' } });
  });

  test('after a call without an answer says that the stream may be its own', async () => {
    mosaic.silent = true;
    expect(await create()).toMatchObject({
      reason: expect.stringMatching(/no clear answer: it may have created the stream itself.*-c adopt=cis/),
    });
  });

  test('that CloudFormation cancelled has an invented id, by which nothing is deleted', async () => {
    const cancelled = { PhysicalResourceId: 'mosaic-relay-test-StreamscisMosaicStream-1A2B3C4D5E6F' };
    expect(await ask('Delete', deleting, cancelled)).toMatchObject({ data: { Outcome: 'kept' } });
    // The creation was still running.
    await create(deleting);
    await ask('Delete', deleting, cancelled);
    expect(mosaic.streams.size).toBe(1);
  });

  test('but whose twin did is done: Lambda may run a request twice at a time', async () => {
    await create(deleting);
    const written = register.stored.get('cis');
    let reads = 0;
    const late = { ...register, read: async () => (++reads === 1 ? undefined : written) };
    const twin = perform(lifecycleRequest('Create', deleting), { ...ports, register: late });
    expect(await twin).toMatchObject({ kind: 'done' });
    expect(register.stored.get('cis')).toEqual(written);
  });
});

describe('a stream that the table knows needs nothing', () => {
  test('when it comes back after a removal that kept it', async () => {
    await create(deleting);
    await remove({ OnRemoval: 'keep' });
    expect(await create(deleting)).toMatchObject({ data: { Outcome: 'already-there' } });
    expect(await remove(deleting)).toMatchObject({ data: { Outcome: 'deleted' } });
  });

  test('but is a stranger’s when it was deleted, and is there again', async () => {
    await create(deleting);
    await remove(deleting);
    mosaic.streams.add('cis/relay-cis');
    expect(await create(deleting)).toMatchObject({ kind: 'failed' });
    await remove(deleting);
    expect(mosaic.streams.size).toBe(1);
  });

  test('when a deploy goes back to its id, also after it was read empty', async () => {
    await create(deleting);
    await update({ ...deleting, StreamId: 'relay-cis-2' });
    const known = register.stored.get('cis') as KnownStream;
    register.stored.set('cis', { ...known, retiring: [] });
    expect(await update(deleting)).toMatchObject({ data: { Outcome: 'already-there' } });
    expect(register.stored.get('cis')).toMatchObject({
      streamId: 'relay-cis',
      former: [{ streamId: 'relay-cis-2', found: false }],
    });
    expect(await remove(deleting)).toMatchObject({ data: { Outcome: 'deleted' } });
  });

  test('for the last four ids of a name', async () => {
    await create();
    for (const number of [2, 3, 4, 5, 6]) await update({ StreamId: `relay-cis-${number}` });
    const known = register.stored.get('cis') as KnownStream;
    register.stored.set('cis', { ...known, retiring: [] });
    expect(known.former.map(({ streamId }) => streamId)).toEqual([2, 3, 4, 5].map((n) => `relay-cis-${n}`));
    expect(await update({ StreamId: 'relay-cis' })).toMatchObject({ kind: 'failed' });
    expect(await update({ StreamId: 'relay-cis-2' })).toMatchObject({ kind: 'done' });
  });

  test('when an item of an earlier version says that it is retiring', async () => {
    mosaic.streams.add('cis/relay-cis');
    const retiring = [{ streamId: 'relay-cis', since: 1 }];
    register.stored.set('cis', { type: 'cis', streamId: 'relay-cis-2', retiring, former: [] });
    expect(await update()).toMatchObject({ data: { Outcome: 'already-there' } });
  });

  test('when a collector has read it', async () => {
    mosaic.streams.add('cis/relay-cis');
    register.stored.set('cis', { type: 'cis', streamId: 'relay-cis', retiring: [], former: [] });
    expect(await create(deleting)).toMatchObject({ data: { Outcome: 'already-there' } });
    expect(await remove(deleting)).toMatchObject({ data: { Outcome: 'kept' } });
  });

  test('when its portal URL was read before', async () => {
    mosaic.streams.add('cis/relay-cis');
    await create({ Managed: 'false' });
    expect(await update()).toMatchObject({ data: { Outcome: 'already-there' } });
  });
});

describe('a stream that gets another name', () => {
  const signIns = { ...deleting, StreamName: 'sign-ins' };

  test('is known, and the removal of its old name does not delete it', async () => {
    await create(deleting);
    expect(await create(signIns)).toMatchObject({ data: { Outcome: 'already-there' } });
    expect(await remove(deleting)).toMatchObject({ data: { Outcome: 'kept', Note: 'sign-ins reads it' } });
    expect(await remove(signIns)).toMatchObject({ data: { Outcome: 'deleted' } });
  });

  test('is kept by the rollback of that deploy', async () => {
    await create(deleting);
    await create(signIns);
    expect(await remove(signIns)).toMatchObject({ data: { Outcome: 'kept', Note: 'cis reads it' } });
    expect([...mosaic.streams]).toEqual(['cis/relay-cis']);
  });

  test('is unknown while it is only retiring under the old one, whose collector reads it still', async () => {
    await create();
    await update({ StreamId: 'relay-cis-2' });
    expect(await create({ StreamName: 'rest' })).toMatchObject({ kind: 'failed' });
  });
});
