import { expect, test } from 'vitest';
import { markReplayed, readRelayedLine } from '../../../cli/replay/relayed-line.ts';
import { cutEvents } from '../../../functions/collector/answers/cut-events.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import type { BatchFacts } from '../../../functions/collector/delivery/formats/line-format.ts';
import { createLineFormat } from '../../../functions/collector/delivery/formats/line-formats.ts';

const facts: BatchFacts = { type: 'cis', stream: 'a "}} stream', collectedAt: 1_772_000_000_123 };

const events = [
  '{"n":1}',
  '{}',
  '17',
  'null',
  '" "',
  '[{"_relay":{"id":"x"}}]',
  '{"_relay":{"id":"mine"}}',
  '{"text":"\\"fields\\":{}}"}',
  '{"fields":{"event_id":"x"}}',
];

test.each(['relay-line', 'splunk-envelope', 'open-search-document'])(
  'a line of %s is read, whatever event is in it',
  (format) => {
    for (const event of events) {
      const line = written(format, event, facts);
      const read = readRelayedLine(line)!;

      expect(read).toMatchObject({ collectedAt: facts.collectedAt, replayed: false });
      expect(read.eventId).toBe(eventId('cis', Buffer.from(event)));
      expect(read.events.map((bytes) => Buffer.from(bytes).toString())).toContain(event);
    }
  },
);

test.each(['relay-line', 'splunk-envelope', 'open-search-document'])(
  'a marked line of %s is what the collector would write of a replayed event, and stays so',
  (format) => {
    for (const event of events) {
      const marked = markReplayed(written(format, event, facts))!;

      expect(Buffer.from(marked).toString()).toBe(
        Buffer.from(written(format, event, { ...facts, replayed: true })).toString(),
      );
      expect(markReplayed(marked)).toBe(marked);
    }
  },
);

test.each(['relay-line', 'splunk-envelope', 'open-search-document'])(
  'a line of %s says by which view and key it was made, each only where it has one',
  (format) => {
    for (const by of [{ view: 'analysts@0c5e1f2a', key: 'p-1' }, { view: 'quiet@0ddba566' }, {}])
      for (const event of events) {
        const { view, key } = readRelayedLine(written(format, event, { ...facts, ...by }))!;
        expect({ view, key }).toEqual({ view: undefined, key: undefined, ...by });
      }
  },
);

test.each([
  [
    'relay-line',
    (id: string, at: string) =>
      `{"n":1,"_relay":{"type":"cis","stream":"s","id":"${id}","collected_at":"${at}"}}`,
  ],
  [
    'splunk-envelope',
    (id: string, at: string) =>
      `{"time":1.000,"host":"mosaic","source":"s","sourcetype":"t","event":{"n":1},"fields":{"type":"cis","stream":"s","event_id":"${id}","collected_at":"${at}"}}`,
  ],
])('a line of %s that an earlier version wrote, without a stage, is read by its id', (_, lineOf) => {
  const id = eventId('cis', Buffer.from('{"n":1}'));
  const read = readRelayedLine(Buffer.from(lineOf(id, '2026-03-01T12:00:00.000Z')))!;

  expect(read).toMatchObject({ eventId: id, collectedAt: Date.UTC(2026, 2, 1, 12), replayed: false });
  expect(read.events.map((bytes) => Buffer.from(bytes).toString())).toEqual(['{"n":1}']);
});

test.each(['', '{}', '{"n":1}', '{"a":{"b":{}}}', '{"_relay":{"id":1}}', 'x}}', '{"n":1,"_relay":{]}}'])(
  '%s was not written by the relay',
  (text) => {
    expect(readRelayedLine(Buffer.from(text))).toBeUndefined();
    expect(markReplayed(Buffer.from(text))).toBeUndefined();
  },
);

function written(format: string, event: string, batch: BatchFacts): Uint8Array {
  const cut = cutEvents(Buffer.from(`[${event}]`));
  if ('damaged' in cut) throw new Error(cut.message);
  const writer = createLineFormat(format, 'dev').begin(cut, batch);
  const target = Buffer.alloc(event.length + writer.overheadBytes + (writer.extraBytes ?? 0));
  return target.subarray(0, writer.write(0, target, 0));
}
