import { expect, test } from 'vitest';
import {
  between,
  decimal,
  duration,
  type Form,
  listOf,
  moment,
  wholeNumber,
} from '../../../cli/arguments/forms.ts';

const now = Date.UTC(2026, 2, 2, 12);
const utc = (text: string) => Date.parse(text);

test.each([
  ['now', now],
  ['-90s', now - 90_000],
  ['-2h', now - 7_200_000],
  ['-7d', now - 7 * 86_400_000],
  ['2026-03-02', utc('2026-03-02T00:00:00Z')],
  ['2026-03-02T08:00', utc('2026-03-02T08:00:00Z')],
  ['2026-03-02T08:00:01.5Z', utc('2026-03-02T08:00:01.500Z')],
  ['2026-03-02T08:00+02:00', utc('2026-03-02T06:00:00Z')],
])('%s is a moment, in UTC unless it says otherwise', (text, time) => {
  expect(moment.read(text).at(now)).toBe(time);
});

test.each<[string, Form<unknown>, string, RegExp]>([
  ['a moment', moment, '2h', /^"2h" is not a time: ISO 8601/],
  ['a moment', moment, '-2w', /is not a time/],
  ['a moment', moment, '2026-13-01', /is not a time/],
  ['a moment', moment, '2026-03-02 08:00', /is not a time/],
  ['a moment', moment, '1772438400000', /is not a time/],
  ['a duration', duration, '25h', /^"25h" is not a time from 1s to 24h, such as 30s, 5m or 1h$/],
  ['a duration', duration, '60', /is not a time from 1s/],
  ['a whole number', wholeNumber({ from: 1, to: 10 }), '11', /^"11" is not a whole number from 1 to 10$/],
  ['a whole number', wholeNumber({ from: 1, to: 10 }), '1e0', /is not a whole number/],
  ['a whole number', wholeNumber({ from: 1, to: 10, why: 'ten fit' }), '0', /from 1 to 10: ten fit$/],
  [
    'a number',
    decimal({ above: 0, upTo: 2, unit: 'hours' }),
    '0',
    /^"0" is not a number of hours above 0 and up to 2$/,
  ],
  ['a list', listOf(['a', 'b']), 'a,c', /^"c" is not one of a, b$/],
])('%s: %j %s is refused with what would be right', (_, form, text, message) => {
  expect(() => form.read(text)).toThrow(message);
});

test('a list has its words in the order of the table, each once', () => {
  expect(listOf(['a', 'b', 'c']).read('c, a,c')).toEqual(['a', 'c']);
});

test('a time range that ends before it begins is refused as it was typed', () => {
  const range = (from: string, to: string) => between(moment.read(from), moment.read(to), now);

  expect(range('-2h', 'now')).toEqual({ from: now - 7_200_000, to: now });
  expect(() => range('-1h', '-2h')).toThrow('--from -1h is not before --to -2h');
});
