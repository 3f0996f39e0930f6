import { describe, expect, test } from 'vitest';
import type { DeliveryEnds } from '../../../functions/stream-lifecycle/contract.ts';
import { perform } from '../../../functions/stream-lifecycle/perform.ts';
import type { LifecycleRequest } from '../../../functions/stream-lifecycle/request.ts';
import { responseBody } from '../../../functions/stream-lifecycle/response.ts';
import {
  lifecycleRequest,
  type MemoryRegister,
  memoryKept,
  memoryPorts,
  memoryRegister,
  memoryStack,
} from './memory-mosaic.ts';

const logicalId = 'Streamsciss3Stream';

function about(
  type: LifecycleRequest['RequestType'],
  changes: Partial<LifecycleRequest> = {},
): LifecycleRequest {
  return {
    ...lifecycleRequest(type),
    ResourceType: 'Custom::Delivery',
    PhysicalResourceId: undefined,
    ResourceProperties: { StreamName: 'cis', Destination: 's3', DeliveryStream: logicalId },
    ...changes,
  };
}

/** The answer to a request about the destination `s3`, in a stack that has these resources. */
async function answer(
  request: LifecycleRequest,
  resources: Readonly<Record<string, string>> = {},
  kept = memoryKept(),
) {
  const ports = memoryPorts({ stack: memoryStack(resources), kept, now: () => 9_000_000 });
  const performed = await perform(request, ports);
  const { Data, PhysicalResourceId } = JSON.parse(responseBody(request, performed));
  return { ends: Data as DeliveryEnds, identity: String(PhysicalResourceId) };
}

test('a delivery stream that an earlier version made keeps its name, and so do its log group and copier', async () => {
  const { ends } = await answer(about('Create'), { [logicalId]: 'mosaic-relay-test-cis-s3-0a1b2c3d' });
  expect(ends).toEqual({ DeliveryStream: '0a1b2c3d', Logs: 's3', Copier: 'copier' });
});

test('a destination that the stack does not have gets a mark of its own, and another one when it returns', async () => {
  const first = await answer(about('Create'));
  const mark = first.ends.DeliveryStream;
  expect(mark).toMatch(/^[0-9a-f]{8}$/);
  expect(first.ends).toEqual({ DeliveryStream: mark, Logs: `s3/${mark}`, Copier: mark });
  const second = await answer(about('Create', { RequestId: 'request-2' }));
  expect(second.ends.DeliveryStream).not.toBe(mark);
});

test('a request that is delivered twice gets one mark', async () => {
  expect(await answer(about('Create'))).toEqual(await answer(about('Create')));
});

test('a destination keeps its mark for as long as it stays, also in a rollback', async () => {
  const { ends, identity } = await answer(about('Create'));
  const later = about('Update', { PhysicalResourceId: identity, RequestId: 'request-2' });
  expect(await answer(later)).toEqual({ ends, identity });
});

test('a creation that CloudFormation cancelled is deleted by the identity that it invented', async () => {
  const invented = 'mosaic-relay-test-Delivery-1ABCDEF';
  expect((await answer(about('Delete', { PhysicalResourceId: invented }))).identity).toBe(invented);
});

test('a delivery stream that was not named by the relay is refused, with what to do', async () => {
  const renamed = answer(about('Create'), { [logicalId]: 'somebody-elses' });
  await expect(renamed).rejects.toThrow(/somebody-elses.*Take its destination out, deploy, and put it back/);
});

test('a destination that leaves is noted as kept, with the queues of its copier', async () => {
  const kept = memoryKept();
  const { ends, identity } = await answer(about('Create'), {}, kept);
  expect(kept.stored.size).toBe(0);
  const queues = { Queue: 'https://sqs.example/cis', DeadLetters: 'https://sqs.example/dead' };
  const { ResourceProperties } = about('Delete');
  const leaving = { PhysicalResourceId: identity, ResourceProperties: { ...ResourceProperties, ...queues } };
  await answer(about('Delete', leaving), {}, kept);
  expect([...kept.stored.values()]).toEqual([
    {
      streamName: 'cis',
      destination: 's3',
      mark: ends.DeliveryStream,
      deliveryStream: `mosaic-relay-test-cis-s3-${ends.DeliveryStream}`,
      removedAt: 9_000_000,
      toldUntil: 1_800_000,
      queueUrl: queues.Queue,
      deadLetterUrl: queues.DeadLetters,
      copierEnd: ends.Copier,
    },
  ]);
});

test('a creation that CloudFormation cancelled leaves nothing that is kept', async () => {
  const kept = memoryKept();
  await answer(about('Delete', { PhysicalResourceId: 'mosaic-relay-test-Delivery-1ABCDEF' }), {}, kept);
  expect(kept.stored.size).toBe(0);
});

test('an upgrade that was rolled back, and is tried again, leaves nothing that is kept', async () => {
  const kept = memoryKept();
  const resources = { [logicalId]: 'mosaic-relay-test-cis-s3-0a1b2c3d' };
  const { identity } = await answer(about('Create'), resources, kept);
  await answer(about('Delete', { PhysicalResourceId: identity }), resources, kept);
  expect(kept.stored.size).toBe(1);
  await answer(about('Create', { RequestId: 'request-2' }), resources, kept);
  expect(kept.stored.size).toBe(0);
});

describe('the folder of a destination', () => {
  const properties = { StreamName: 'cis', Destination: 'archive', DeliveryStream: logicalId };
  const ask = (type: LifecycleRequest['RequestType'], Folder: string | undefined, register: MemoryRegister) =>
    perform(
      about(type, {
        PhysicalResourceId: type === 'Create' ? undefined : 'cis/archive/0a1b2c3d',
        ResourceProperties: { ...properties, ...(Folder && { Folder }) },
      }),
      memoryPorts({ register }),
    );

  test.each([
    ['kept', 'copied', /would delete.* the archive .*delivered\/cis\/archive\/: .*another name/],
    ['copied', 'kept', /deletes.*would archive in delivered\/cis\/archive\/: .*another name/],
  ])(
    'that was %s is refused to one whose data are %s, also long after the first has gone',
    async (was, is, reason) => {
      const register = memoryRegister();
      await ask('Create', was, register);
      await ask('Delete', was, register);
      expect(await ask('Create', is, register)).toEqual({
        kind: 'failed',
        reason: expect.stringMatching(reason),
      });
    },
  );

  test('is given to a destination that returns, and to one whose data go elsewhere', async () => {
    const register = memoryRegister();
    await ask('Update', 'kept', register);
    expect(await ask('Create', 'kept', register)).toMatchObject({ kind: 'done' });
    expect(await ask('Create', undefined, register)).toMatchObject({ kind: 'done' });
  });
});
