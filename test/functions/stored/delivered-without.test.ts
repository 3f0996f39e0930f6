import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import { withoutLines } from '../../../functions/stored/delivered-without.ts';

const lines = Array.from({ length: 6 }, (_, n) => `{"n":${n}, "é":"\\u00e9 "}`);
const textOf = (some: readonly string[]) => Buffer.from(some.map((line) => `${line}\n`).join(''));
const hasN =
  (...numbers: readonly number[]) =>
  (line: Uint8Array) =>
    numbers.includes(Number(/"n":(\d)/.exec(Buffer.from(line).toString())?.[1]));
const linesIn = (object: Uint8Array) => [...deliveredLines(object)].map(String);

const members = [gzipSync(textOf(lines.slice(0, 2))), gzipSync(textOf(lines.slice(2, 4)))];
const plain = textOf(lines.slice(4));
const forms: readonly (readonly [string, Buffer])[] = [
  ['plain lines', textOf(lines)],
  ['one gzip member', gzipSync(textOf(lines))],
  ['a member for each record', Buffer.concat([...members, gzipSync(plain)])],
  ['members and plain lines in a row', Buffer.concat([...members, plain])],
  ['members within a member', gzipSync(Buffer.concat([...members, gzipSync(plain)]))],
  [
    'a line that goes on in the next member',
    Buffer.concat([textOf(lines).subarray(0, 40), textOf(lines).subarray(40)].map((part) => gzipSync(part))),
  ],
];

describe.each(forms)('of %s', (_, object) => {
  test('removed lines are gone and every other line is byte for byte the same', () => {
    const { bytes, removed, left } = withoutLines(object, hasN(1, 4));

    expect({ removed, left }).toEqual({ removed: 2, left: 4 });
    expect(linesIn(bytes)).toEqual(lines.filter((each) => !/"n":[14]/.test(each)));
  });

  test('an object without such a line stays as it is, and one of such lines alone is empty', () => {
    expect(withoutLines(object, hasN()).bytes.equals(object)).toBe(true);
    expect(withoutLines(object, () => true)).toMatchObject({ removed: 6, left: 0, bytes: Buffer.alloc(0) });
  });
});

test('members without a removed line are not compressed anew, and what is left is valid gzip', () => {
  const object = Buffer.concat([...members, gzipSync(plain)]);

  const { bytes } = withoutLines(object, hasN(2));

  expect(bytes.subarray(0, members[0]!.length).equals(members[0]!)).toBe(true);
  expect(gunzipSync(bytes).equals(textOf(lines.filter((line) => !line.includes('"n":2'))))).toBe(true);
});

test('the last line may lack its line break, and keeps lacking it', () => {
  const object = Buffer.from(`${lines[0]}\n${lines[1]}`);

  expect(withoutLines(object, hasN(0)).bytes.toString()).toBe(lines[1]);
});

test('a damaged object is refused', () => {
  expect(() => withoutLines(members[0]!.subarray(0, -3), hasN(0))).toThrow(/cut off/);
});
