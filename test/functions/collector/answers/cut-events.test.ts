import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cutEvents,
  type DamagedAnswer,
  eventFlags,
} from '../../../../functions/collector/answers/cut-events.ts';
import type { Cut } from '../../../../functions/collector/protocol/ports/answers.ts';
import { examples } from '../../../long-run.ts';
import { jsonText, spacedArray } from './json-texts.ts';

test('any JSON array, however spaced and escaped, is cut into exactly the bytes of its elements', () => {
  fc.assert(
    fc.property(spacedArray(), ({ text, elements }) => {
      const cut = accepted(Buffer.from(text));
      expect(elementsOf(cut)).toEqual(elements);
    }),
    { numRuns: examples(2_000) },
  );
});

test('a truncated answer is refused whole', () => {
  fc.assert(
    fc.property(spacedArray(), fc.nat(), ({ text }, at) => {
      const whole = Buffer.from(text.trimEnd());
      const cutOff = whole.subarray(0, at % whole.length);
      expect(cutEvents(cutOff)).toHaveProperty('damaged');
    }),
    { numRuns: examples(1_000) },
  );
});

test('a damaged answer is accepted only where it is still valid JSON with an array at the top', () => {
  fc.assert(
    fc.property(spacedArray(), fc.array(damage(), { minLength: 1, maxLength: 3 }), ({ text }, damages) => {
      const damaged = damages.reduce((bytes: Buffer, change) => change(bytes), Buffer.from(text));
      expect('damaged' in cutEvents(damaged)).toBe(!isValidArray(damaged));
    }),
    { numRuns: examples(10_000) },
  );
});

test('a text of JSON’s own characters is accepted only where JSON.parse accepts it', () => {
  const characters = [
    ...'[]{}:,"\\/-+.0123456789eEtrufalsn \t\n\r\u00e9\u0000',
    '"a":',
    '\\u00',
    'true',
    '\ufeff',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...characters), { maxLength: 8 }), (parts) => {
      const source = Buffer.from(`[${parts.join('')}]`);
      expect('damaged' in cutEvents(source)).toBe(!isValidArray(source));
    }),
    { numRuns: examples(20_000) },
  );
});

test('an answer of more events than a hundred full ones have is refused before it takes memory', () => {
  const arrayOf = (count: number) => cutEvents(Buffer.from(`[${'1,'.repeat(count - 1)}1]`));

  expect(arrayOf(131_072)).toMatchObject({ count: 131_072 });
  expect(arrayOf(131_073)).toMatchObject({ damaged: 'above-event-cap', at: 262_145 });
});

test('a document that is no array is told from one that is no JSON', () => {
  for (const text of ['{"error":"x"}', 'null', '"text"', '12', '\ufeff {}']) {
    expect(cutEvents(Buffer.from(text))).toMatchObject({ damaged: 'not-an-array' });
  }
  for (const text of [
    '',
    '  ',
    '<html></html>',
    ']',
    '[1],',
    '[1][2]',
    '[\u0001]',
    '["\t"]',
    '[01]',
    '[1.]',
    '[.5]',
  ]) {
    expect(cutEvents(Buffer.from(text))).toMatchObject({ damaged: 'invalid-json' });
  }
});

test('a refusal names the offset and never quotes the answer', () => {
  const refusal = refused(Buffer.from('[{"name":"Zoë"},{"name":tru}]'));
  expect(refusal).toEqual({ damaged: 'invalid-json', at: 25, message: 'expected a value at byte 25' });
  expect(refused(Buffer.from([0x5b, 0x22, 0xc3, 0x22, 0x5d])).at).toBe(2);
});

test('a byte order mark before the array is passed over', () => {
  expect(elementsOf(accepted(Buffer.from('\ufeff[1, 2]')))).toEqual(['1', '2']);
});

test('a million brackets deep is cut as any other', () => {
  const deep = `${'[{"a":'.repeat(500_000)}null${'}]'.repeat(500_000)}`;
  expect(elementsOf(accepted(Buffer.from(deep)))).toEqual([deep.slice(1, -1)]);
  expect(cutEvents(Buffer.alloc(1_000_000, '['))).toHaveProperty('damaged');
});

test('line breaks between tokens become spaces in the text for lines, and stay in the source', () => {
  const text = '[\r\n{ "a" :\n\t1 }\r,"two\\n"]\n';
  const cut = accepted(Buffer.from(text));
  expect(Buffer.from(cut.source).toString()).toBe(text);
  expect(Buffer.from(cut.singleLine).toString()).toBe('[  { "a" : \t1 } ,"two\\n"] ');
  expect(cut.starts[0]).toBe(3);
});

test('an answer without line breaks is not copied', () => {
  const source = Buffer.from('[{"a":1}]');
  expect(accepted(source).singleLine).toBe(source);
});

test('events are told apart: objects, empty ones, ones with a _relay of their own', () => {
  const { object, empty, ownRelayMember } = eventFlags;
  const events: readonly (readonly [string, number])[] = [
    ['{"a":{}}', object],
    ['{ \n}', object | empty],
    ['[]', 0],
    ['"_relay"', 0],
    ['{"_relay":1}', object | ownRelayMember],
    ['{"a":1,"\\u005fre\\u006cay":{}}', object | ownRelayMember],
    ['{"a":{"_relay":1},"relay_":2,"_relax":"_relay"}', object],
    ['[{"_relay":1}]', 0],
  ];
  const cut = accepted(Buffer.from(`[${events.map(([text]) => text).join(',')}]`));
  expect([...cut.flags]).toEqual(events.map(([, flags]) => flags));
});

test('the values of top-level timestamp and activity are found, the last of duplicates, however their keys are written', () => {
  const text = String.raw`[{"activity":"a\"b","timestamp" : 12.5e3 },{"timestamp":"x","timest\u0061mp":{"z":[1]} ,"more":1},{"b":{"timestamp":1}},["timestamp"]]`;
  const cut = accepted(Buffer.from(text));
  const read = (spans: Cut['timestamps']) =>
    [...spans.starts].map((start, i) => text.slice(start, spans.ends[i]));
  expect(read(cut.timestamps)).toEqual(['12.5e3', '{"z":[1]}', '', '']);
  expect(read(cut.activities)).toEqual([String.raw`"a\"b"`, '', '', '']);
});

test('more events than Mosaic promises are all cut', () => {
  const events = Array.from({ length: 5_000 }, (_, i) => `{"timestamp":${i}}`);
  const cut = accepted(Buffer.from(`[${events}]`));
  expect(elementsOf(cut)).toEqual(events);
  expect(cut.timestamps.ends[4_999]! - cut.timestamps.starts[4_999]!).toBe(4);
});

function accepted(source: Uint8Array): Cut {
  const cut = cutEvents(source);
  if ('damaged' in cut) throw new Error(cut.message);
  return cut;
}

function refused(source: Uint8Array): DamagedAnswer {
  const cut = cutEvents(source);
  if (!('damaged' in cut)) throw new Error('was accepted');
  return cut;
}

function elementsOf(cut: Cut): string[] {
  const source = Buffer.from(cut.source);
  return [...cut.starts].map((start, i) => source.toString('utf8', start, cut.ends[i]));
}

/** `JSON.parse` is asked for its verdict only; its values are not to be trusted (nodejs/node#63785). */
function isValidArray(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    return Array.isArray(JSON.parse(bytes.toString().replace(/^\ufeff/, '')));
  } catch {
    return false;
  }
}

function damage(): fc.Arbitrary<(bytes: Buffer) => Buffer> {
  const telling = fc.constantFrom(...Buffer.from('[]{}",:\\/0-.eEtn \n\t\u0000\u001f'), 0x80, 0xc3, 0xff);
  return fc.oneof(
    fc.tuple(fc.nat(), telling).map(([at, byte]) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      if (bytes.length > 0) changed[at % bytes.length] = byte;
      return changed;
    }),
    fc.tuple(fc.nat(), telling).map(([at, byte]) => (bytes: Buffer) => {
      const place = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, place), Buffer.of(byte), bytes.subarray(place)]);
    }),
    fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })).map(([at, length]) => (bytes: Buffer) => {
      const place = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)]);
    }),
    jsonText().map((text) => (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(text)])),
  );
}
