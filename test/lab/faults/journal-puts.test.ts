import { zstdCompressSync } from 'node:zlib';
import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import { expect, test } from 'vitest';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { watchJournalPuts } from '../../../lab/faults/journal-puts.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const stream = { name: 'admin', type: 'admin', settings: { decompressedCapMiB: 1 } } as WorldStream;
const events = ['{"a":1}', '{"a":2}'];
const ids = events.map((event) => eventId('admin', Buffer.from(event)));

test('an acknowledged answer is known by its events, also when it was cut off', () => {
  const puts = watchJournalPuts();
  puts.observe(putOf(`[${events[0]}]`), 200);
  expect([...puts.eventsOf(stream)]).toEqual([ids[0]]);

  puts.observe(putOf(`[${events[1]},{"a"`, { 'x-amz-meta-cut-off': 'true' }), 200);
  expect([...puts.eventsOf(stream)]).toEqual(ids);
});

test("a refused or unanswered PUT, and one outside of the stream's journal, tells nothing", () => {
  const puts = watchJournalPuts();
  puts.observe(putOf(`[${events[0]}]`), 503);
  puts.observe(putOf(`[${events[0]}]`), 0);
  puts.observe(putOf(`[${events[0]}]`, {}, 'journal/admin-witness'), 200);
  puts.observe(putOf(`[${events[0]}]`, {}, 'quarantine/admin'), 200);
  puts.observe(putOf(`[${events[0]}]`, {}, 'journal/admin/probe'), 200);
  expect(puts.eventsOf(stream).size).toBe(0);
});

function putOf(text: string, headers: Record<string, string> = {}, folder = 'journal/admin'): AwsCall {
  return {
    service: 's3',
    operation: 'PutObject',
    resource: `arn:aws:s3:::bucket/${folder}/2026-03-02/run/000001.json.zst`,
    headers: { 'x-amz-meta-encoding': 'zstd', ...headers },
    body: zstdCompressSync(Buffer.from(text)),
  } as unknown as AwsCall;
}
