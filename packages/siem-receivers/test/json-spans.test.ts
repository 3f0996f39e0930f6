import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatenatedValues, elementsOf, JsonFault, membersOf, onlyValue } from '../json-spans.ts';

describe('spans of JSON text', () => {
  test('values that follow each other are cut into exactly their bytes', () => {
    const spacing = fc.constantFrom('', ' ', '\n', '\r\n\t');
    const value = fc.tuple(fc.jsonValue(), fc.constantFrom(0, 2), spacing);
    fc.assert(
      fc.property(fc.array(value), (values) => {
        // Numbers run into each other without a space, as nothing but objects does in practice.
        const texts = values.map(([one, indent]) => JSON.stringify(one, null, indent));
        const body = Buffer.from(texts.map((text, index) => `${text} ${values[index]![2]}`).join(''));
        expect(
          [...concatenatedValues(body)].map(({ start, end }) => body.toString('utf8', start, end)),
        ).toEqual(texts);
      }),
    );
  });

  test('members and elements keep their bytes, whatever JSON.parse would make of them', () => {
    const body = Buffer.from('{"n":1.50e+2,"big":12345678901234567890,"n":"\\u00e9"}');
    const members = membersOf(body, 0).map(({ name, start, end }) => [
      name,
      body.toString('utf8', start, end),
    ]);
    expect(members).toEqual([
      ['n', '1.50e+2'],
      ['big', '12345678901234567890'],
      ['n', '"\\u00e9"'],
    ]);
    const list = Buffer.from('[ -0 , [1,2], {} ]');
    expect(elementsOf(list, 0).map(({ start, end }) => list.toString('utf8', start, end))).toEqual([
      '-0',
      '[1,2]',
      '{}',
    ]);
  });

  test('a text is taken exactly where JSON.parse takes it', () => {
    const damaged = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', '0', '.', '\\', ' ', 'e', '-'))
      .map(([value, at, change]) => {
        const text = JSON.stringify(value);
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + change + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(takes(() => onlyValue(Buffer.from(text)))).toBe(takes(() => JSON.parse(text)));
      }),
      { numRuns: 2_000 },
    );
  });
});

function takes(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof JsonFault || error instanceof SyntaxError) return false;
    throw error;
  }
}
