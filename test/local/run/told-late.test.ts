import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { readToldLate, type ToldLateOptions } from '../../../local/run/told-late.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const now = Date.UTC(2026, 2, 4);
const hourMs = 3_600_000;
const ages = { past: 86_400, otherwise: 'refuses-request', underWay: 0, hold: true } as const;
const idA = 'a'.repeat(32);
const idB = 'b'.repeat(32);

test('late events of a run count as its sweeps or its open item have counted on, where the destination holds them back', async () => {
  const items = [
    { item: 'RUN#2026-03-02T08:00:00.000Z#one', run: 'one', late: { held: 2 }, sweptLate: { held: 5 } },
    { item: 'RUN#2026-03-02T09:00:00.000Z#two', run: 'two', late: { held: 1, sent: 4 } },
    { item: 'OPEN#two', run: 'two', 'late:held': 6 },
  ];
  const told = await readFrom({ items });

  const [held, sent] = [told('held')!, told('sent')!];
  expect([held.heldBack('one'), held.heldBack('two'), held.heldBack('three')]).toEqual([5, 6, 0]);
  expect(sent.heldBack('two')).toBe(0);
  expect(told('unlimited')).toBeUndefined();
});

test('an event is late by the time of its collecting or by now', async () => {
  const { isLate } = (await readFrom({}))('held')!;
  expect(isLate(raised(25), now - 24 * hourMs)).toBe(true);
  expect(isLate(raised(2), now - hourMs)).toBe(false);
  const ahead = (await readFrom({ future: 3_600 }))('held')!;
  expect(ahead.isLate(raised(10), now - 12 * hourMs)).toBe(true);
});

test('a receiver and a replay name events by their ids, and those of other streams are passed over', async () => {
  const told = await readFrom({
    refused: [line(idA, 'relay-admin'), line(idB, 'another')],
    leftOut: [line(idB, 'relay-admin'), raised(30)],
  });
  const ids: string[] = [];
  await told('held')!.eachId((id) => ids.push(id));
  expect(ids).toContain(idA);
  expect(ids.filter((id) => id === idB)).toHaveLength(1);
  expect(ids).toContain(eventId('admin', raised(30)));
});

function raised(hoursAgo: number): Buffer {
  return Buffer.from(`{"timestamp":"${new Date(now - hoursAgo * hourMs).toISOString()}"}`);
}

function line(id: string, stream: string): Buffer {
  return Buffer.from(`{"a":1,"_relay":{"type":"admin","stream":"${stream}","id":"${id}"}}`);
}

interface Told {
  readonly items?: readonly { readonly item: string; readonly [attribute: string]: unknown }[];
  readonly refused?: readonly Buffer[];
  readonly leftOut?: readonly Buffer[];
  readonly future?: number;
}

async function readFrom({ items = [], refused = [], leftOut = [], future }: Told) {
  const limits = future === undefined ? ages : { ...ages, future };
  const destinations = [
    { name: 'held', ages: limits },
    { name: 'sent', ages: { ...limits, hold: false } },
    { name: 'unlimited', ages: undefined },
  ];
  const stream = {
    name: 'admin',
    type: 'admin',
    id: 'relay-admin',
    settings: { table: 'streams' },
    destinations,
  } as unknown as WorldStream;
  const options = {
    world: {
      clock: { now: () => now },
      dynamodb: {
        async call(_: string, query: { readonly ExpressionAttributeValues: { ':prefix': { S: string } } }) {
          const { S: prefix } = query.ExpressionAttributeValues[':prefix'];
          return { Items: items.filter(({ item }) => item.startsWith(prefix)).map((one) => marshall(one)) };
        },
      },
    },
    receivers: {
      of: () => ({
        shared: true,
        receiver: { eachRefusedForTime: (visit: (bytes: Buffer) => void) => refused.forEach(visit) },
      }),
    },
    streamIds: ['relay-admin'],
    leftOut: () => leftOut,
  } as unknown as ToldLateOptions;
  const told = await readToldLate(stream, options);
  return (name: string) => told(stream.destinations.find((one) => one.name === name)!);
}
