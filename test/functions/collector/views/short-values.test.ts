import { expect, test } from 'vitest';
import { ShortValues } from '../../../../functions/collector/views/short-values.ts';

test('a value that comes again is made once, and what was made is its own, whatever came between', () => {
  let made = 0;
  const values = new ShortValues((source, start, end) => {
    made += 1;
    return Buffer.from(`<${source.toString('utf8', start, end)}>`);
  });
  const find = (text: string): string => {
    const source = Buffer.from(`"${text}"`);
    values.find(source, 1, source.length - 1);
    return values.found.toString('utf8', values.start, values.end);
  };

  expect(['a', 'a', 'b', 'a'].map(find)).toEqual(['<a>', '<a>', '<b>', '<a>']);
  expect(made).toBe(2);
  // Far more than there are places, of equal length.
  const many = Array.from({ length: 20_000 }, (_, n) => `user-${String(n).padStart(6, '0')}`);
  expect([...many, ...many].filter((text) => find(text) !== `<${text}>`)).toEqual([]);
});

test('an empty value, a long one, and one of which a long text is made are made each time', () => {
  const values = new ShortValues((_, start, end) => Buffer.alloc(end - start === 3 ? 100 : 5, 'x'));
  const lengthOf = (bytes: number): number => {
    values.find(Buffer.alloc(bytes, 'v'), 0, bytes);
    return values.end - values.start;
  };

  expect([0, 3, 64, 65, 0, 3, 64, 65].map(lengthOf)).toEqual([5, 100, 5, 5, 5, 100, 5, 5]);
});
