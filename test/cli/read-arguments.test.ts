import { expect, test } from 'vitest';
import { moment, readArguments } from '../../cli/read-arguments.ts';

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
  expect(moment('from', text, now)).toBe(time);
});

test.each(['', '2h', '-2', '-2w', '2026-13-01', '2026-03-02 08:00', '1772438400000', 'tomorrow'])(
  '"%s" is no moment',
  (text) => {
    expect(() => moment('from', text, now)).toThrow(/--from .* is no time: ISO 8601/);
  },
);

test('a time ago is a value, and a flag is none', () => {
  const flags = { from: { value: 'TIME' }, yes: {} } as const;

  expect(readArguments(['--from', '-2h', '--yes'], flags)).toEqual({ from: '-2h', yes: true });
  expect(() => readArguments(['--from', '--yes'], flags)).toThrow('--from needs a value: --from TIME');
  expect(() => readArguments(['--yes=no'], flags)).toThrow('--yes takes no value');
  expect(() => readArguments(['--yes', '--yes'], flags)).toThrow('--yes is given twice');
  expect(() => readArguments(['here'], flags)).toThrow('"here" is no flag');
});
