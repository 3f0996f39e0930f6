import { startSplunkHec } from '@mosaic-relay/siem-receivers';
import { expect, onTestFinished, test } from 'vitest';
import { cutEvents } from '../../../../../functions/collector/answers/cut-events.ts';
import { createLineFormat } from '../../../../../functions/collector/delivery/formats/line-formats.ts';
import type { Cut } from '../../../../../functions/collector/protocol/ports/answers.ts';

test('Splunk takes what the collector writes, whatever the events are', async () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const token = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
  const hec = await startSplunkHec({ clock: { now: () => now }, token, indexes: ['main', 'mosaic'] });
  onTestFinished(() => hec.close());
  const events = [
    '{"timestamp":"2026-03-01T12:00:00.123Z","n":1.50}',
    '{"timestamp":"1969-01-01"}',
    'null',
    '" "',
    '7',
  ];
  const cut = cutEvents(Buffer.from(`[${events.join(', ')}]`)) as Cut;
  const format = createLineFormat('splunk-envelope', 'dev', { index: 'mosaic' });
  const writer = format.begin(cut, { type: 'cis', stream: 'cis-1', collectedAt: now });
  const body = Buffer.alloc(4_096);
  let end = 0;
  for (let index = 0; index < events.length; index += 1) end = writer.write(index, body, end);

  const answer = await fetch(`${hec.url}/services/collector/event`, {
    method: 'POST',
    body: body.subarray(0, end),
    headers: {
      authorization: `Splunk ${token}`,
      'x-splunk-request-channel': '11111111-2222-4333-8444-555555555555',
    },
  });

  expect(await answer.json()).toMatchObject({ code: 0 });
  expect(hec.events.map(({ time }) => time)).toEqual([1_772_366_400.123, ...Array(4).fill(now / 1_000)]);
  expect(hec.events[0]!.event.toString()).toBe(events[0]);
});
