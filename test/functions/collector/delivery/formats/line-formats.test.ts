import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventId } from '../../../../../functions/collector/answers/event-id.ts';
import type { BatchFacts } from '../../../../../functions/collector/delivery/formats/line-format.ts';
import { createLineFormat } from '../../../../../functions/collector/delivery/formats/line-formats.ts';
import { cutOf } from '../../answers/cut-of.ts';
import { spacedArray } from '../../answers/json-texts.ts';

const facts = { type: 'cis', stream: 'relay-"cis"', collectedAt: Date.UTC(2026, 2, 1, 9, 15, 2, 7) };
const collected_at = '2026-03-01T09:15:02.007Z';

/** The lines of events in a format, each checked to stay within the overhead that the format claims. */
function written(
  format: string,
  events: readonly string[],
  more: Partial<BatchFacts> = {},
  options = {},
): string[] {
  const cut = cutOf(events);
  const writer = createLineFormat(format, 'dev', options).begin(cut, { ...facts, ...more });
  return events.map((event, index) => {
    const target = Buffer.alloc(Buffer.byteLength(event) + writer.overheadBytes);
    return target.toString('utf8', 0, writer.write(index, target, 0));
  });
}

const relay = (event: string) =>
  `"_relay":{"type":"cis","stream":"relay-\\"cis\\"","stage":"dev","id":"${eventId('cis', Buffer.from(event))}","collected_at":"${collected_at}"}`;

test('relay-line adds one last member to an object, whose bytes stay as they are', () => {
  const events = ['{"n":12345678901234567890,"é":1.0,"k":1,"k":2}', '{ "a" : {} }'];
  expect(written('relay-line', events)).toEqual([
    `{"n":12345678901234567890,"é":1.0,"k":1,"k":2,${relay(events[0]!)}}`,
    `{ "a" : {} ,${relay(events[1]!)}}`,
  ]);
});

test('whatever the events, a line is their bytes and what the format adds, and no byte else', () => {
  fc.assert(
    fc.property(spacedArray(), ({ elements }) => {
      expect(written('relay-line', elements)).toEqual(elements.map(relayLine));
      const lines = written('splunk-envelope', elements);
      for (const [index, event] of elements.entries()) {
        const [before, after] = lines[index]!.split(`"event":${inEnvelope(event)},"fields":`);
        expect(JSON.parse(`${before}"fields":${after}`)).toMatchObject({
          sourcetype: 'transmitsecurity:mosaic:cis',
          fields: { event_id: eventId('cis', Buffer.from(event)) },
        });
      }
    }),
    { numRuns: 1_000 },
  );
});

function relayLine(event: string): string {
  const value: unknown = JSON.parse(event);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.hasOwn(value, '_relay')) return `{"event":${inOneLine(event)},${relay(event)}}`;
  const comma = Object.keys(value).length === 0 ? '' : ',';
  return `${inOneLine(event).slice(0, -1)}${comma}${relay(event)}}`;
}

function inEnvelope(event: string): string {
  return /^(null|false|"\s*")$/.test(event) ? `{"event":${event}}` : inOneLine(event);
}

/** A line break can stand between tokens only, where a space means the same. */
function inOneLine(event: string): string {
  return event.replace(/[\r\n]/g, ' ');
}

test('relay-line makes an empty object one with a single member', () => {
  expect(written('relay-line', ['{}', '{ }'])).toEqual([`{${relay('{}')}}`, `{ ${relay('{ }')}}`]);
});

test('relay-line wraps what is no object, or has a _relay of its own', () => {
  const events = ['[1]', '"text"', 'null', '{"_relay":1}', '{"\\u005frelay":{}}', '[]'];
  expect(written('relay-line', events)).toEqual(events.map((event) => `{"event":${event},${relay(event)}}`));
});

test('relay-line says recovered and replayed only where true', () => {
  const [line] = written('relay-line', ['{}'], { recovered: true, replayed: true });
  expect(JSON.parse(line!)._relay).toMatchObject({ recovered: true, replayed: true });
  expect(written('relay-line', ['{}'], { recovered: false })).toEqual([`{${relay('{}')}}`]);
});

test('splunk-envelope carries the raw event, its time in seconds, and what the relay knows in fields', () => {
  const event = '{"timestamp":"2026-03-01T09:15:02.481Z","n":12345678901234567890}';
  const fields = `{"type":"cis","stream":"relay-\\"cis\\"","stage":"dev","event_id":"${eventId('cis', Buffer.from(event))}","collected_at":"${collected_at}"}`;
  expect(written('splunk-envelope', [event])).toEqual([
    `{"time":1772356502.481,"host":"mosaic-dev","source":"mosaic-siem-relay:cis","sourcetype":"transmitsecurity:mosaic:cis","event":${event},"fields":${fields}}`,
  ]);
});

test('splunk-envelope takes host, source, sourcetype and index from the options', () => {
  const options = { host: 'acme "eu"', source: 's', sourcetype: 't', index: 'security' };
  const [line] = written('splunk-envelope', ['{}'], {}, options);
  expect(JSON.parse(line!)).toMatchObject(options);
});

test.each([
  ['{"timestamp":1772356502481}', '1772356502.481'],
  ['{"timestamp":"1772356502"}', '1772356502.000'],
  ['{"timestamp":1}', '1.000'],
  ['{"timestamp":0}', '0.000'],
  ['{"timestamp":"2026-03-01T11:15:02+02:00"}', '1772356502.000'],
  ['{"timestamp":"soon"}', '1772356502.007'],
  ['{"timestamp":9e15}', '1772356502.007'],
  ['{"timestamp":null}', '1772356502.007'],
  ['{}', '1772356502.007'],
  ['12', '1772356502.007'],
])('splunk-envelope of %s has the time %s', (event, time) => {
  expect(written('splunk-envelope', [event])[0]!.startsWith(`{"time":${time},`)).toBe(true);
});

test('splunk-envelope wraps only what HEC would refuse as no event or a blank one', () => {
  const inner = (event: string) => JSON.parse(written('splunk-envelope', [event])[0]!).event;
  expect([inner('null'), inner('false'), inner('""'), inner('"  "')]).toEqual([
    { event: null },
    { event: false },
    { event: '' },
    { event: '  ' },
  ]);
  expect([inner('7'), inner('"a"'), inner('[1]'), inner('{}'), inner('true')]).toEqual([
    7,
    'a',
    [1],
    {},
    true,
  ]);
});

test('splunk-envelope says recovered and replayed as text, only where true', () => {
  const fields = (more: Partial<BatchFacts>) =>
    JSON.parse(written('splunk-envelope', ['{}'], more)[0]!).fields;
  expect(fields({ recovered: true, replayed: true })).toMatchObject({ recovered: 'true', replayed: 'true' });
  expect(Object.keys(fields({ recovered: false }))).toEqual([
    'type',
    'stream',
    'stage',
    'event_id',
    'collected_at',
  ]);
});

test('an unknown format or option is refused with what is known', () => {
  expect(() => createLineFormat('cef', 'dev')).toThrow(
    'known are: relay-line, open-search-document, splunk-envelope',
  );
  expect(() => createLineFormat('toString', 'dev')).toThrow('there is no line format');
  expect(() => createLineFormat('splunk-envelope', 'dev', { idx: 'a' })).toThrow(
    'host, source, sourcetype, index',
  );
  expect(() => createLineFormat('relay-line', 'dev', { host: 'a' })).toThrow('takes no options');
});
