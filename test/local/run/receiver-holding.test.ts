import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Receiver } from '@mosaic-relay/siem-receivers';
import { expect, test } from 'vitest';
import {
  eachIdRefusedForTime,
  type ReceiverHoldingOptions,
  receiverHolding,
} from '../../../local/run/receivers/receiver-holding.ts';
import type { HeldObject } from '../../../local/run/receivers/receiver-kind.ts';

const before = 'relay-cis';
const after = 'relay-cis-again';
const another = 'relay-admin';
const lines = [before, after, another].map(lineOf);
const ofTheStream = lines.slice(0, 2);

test('a receiver that streams share has the lines of a stream under each id that it has had', async () => {
  const found = await heldOf({ received: receivedBy({ eachLine: visitAll }) });
  expect(found).toEqual(ofTheStream);
});

test('objects that streams share are told apart by their names, whatever id their lines carry', async () => {
  const body = Buffer.from(`${ofTheStream.join('\n')}\n`);
  const objects = function* (): Generator<HeldObject> {
    yield { bucket: 'siem', key: 'delivered/cis/gcs/2026/11/30/one', body };
    yield { bucket: 'siem', key: 'delivered/admin/gcs/2026/11/30/two', body: Buffer.from(`${lines[2]}\n`) };
  };
  const found = await heldOf({ kind: 'gcs', name: 'gcs', received: { ...receivedBy({}), objects } });
  expect(found).toEqual(ofTheStream);
});

test('events that a shared receiver refused for their time are the stream’s under each id that it has had', () => {
  const ids: string[] = [];
  const received = receivedBy({
    eachRefusedForTime: (visit) => lines.forEach((line) => void visit(Buffer.from(line))),
  });
  eachIdRefusedForTime({ received, streamIds: [before, after] }, (id) => void ids.push(id));
  expect(ids).toEqual([idOf(before), idOf(after)]);
});

async function heldOf(options: Pick<ReceiverHoldingOptions, 'received'> & Partial<ReceiverHoldingOptions>) {
  const folder = await mkdtemp(join(tmpdir(), 'relay-holding-'));
  const found: string[] = [];
  try {
    const holding = receiverHolding({
      kind: 'http',
      name: 'http',
      stream: 'cis',
      streamIds: [before, after],
      folder,
      ...options,
    });
    await holding.eachLine((line) => void found.push(line.toString()));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return found;
}

function receivedBy(receiver: Partial<Receiver>): ReceiverHoldingOptions['received'] {
  return { receiver: receiver as Receiver, shared: true, origin: 'https://siem.example.com' };
}

async function visitAll(visit: (line: Buffer) => void): Promise<void> {
  for (const line of lines) visit(Buffer.from(line));
}

function idOf(streamId: string): string {
  return streamId.length.toString(16).padStart(32, '0');
}

function lineOf(streamId: string): string {
  return JSON.stringify({ activity: 'login', _relay: { id: idOf(streamId), stream: streamId } });
}
