import { expect, test } from 'vitest';
import type { Flags } from '../../../cli/arguments/flag.ts';
import { decimal, listOf, moment, wholeNumber } from '../../../cli/arguments/forms.ts';
import { readArguments } from '../../../cli/arguments/read-arguments.ts';
import { WrongUse } from '../../../cli/arguments/wrong-use.ts';

const flags = {
  limit: { value: 'N', form: wholeNumber({ from: 1, to: 10 }), default: '5', text: 'rows' },
  from: { value: 'TIME', form: moment, text: 'since' },
  kinds: { value: 'A,B', form: listOf(['one', 'two']), text: 'kinds' },
  rate: { value: 'N', form: decimal({ above: 0, upTo: 2, unit: 'events' }), not: ['from'], text: 'rate' },
  size: { value: 'B', with: ['rate', 'kinds one'], text: 'size' },
  out: { value: 'DIR', not: ['kinds two'], text: 'a folder' },
  json: { text: 'as JSON' },
} as const satisfies Flags;
const read = (line: string) => readArguments(line === '' ? [] : line.split(' '), { flags });

test('without flags a value is its default or undefined, and a switch is off', () => {
  expect(read('')).toEqual({
    ...{ limit: 5, from: undefined, kinds: undefined, rate: undefined, size: undefined, out: undefined },
    json: false,
  });
});

test('values are read by their forms', () => {
  const { from, ...rest } = read('--limit 3 --from -2h --kinds two,one --out=-x --json');

  expect(rest).toEqual({
    limit: 3,
    kinds: ['one', 'two'],
    rate: undefined,
    size: undefined,
    out: '-x',
    json: true,
  });
  expect(from?.at(7_200_001)).toBe(1);
});

test.each([
  ['--limt 3', 'there is no flag --limt; did you mean --limit?'],
  ['--dry-run', 'there is no flag --dry-run; --help lists the flags'],
  ['-x', 'there is no flag -x; --help lists the flags'],
  ['--constructor', 'there is no flag --constructor; --help lists the flags'],
  ['--__proto__', 'there is no flag --__proto__; --help lists the flags'],
  ['limit', '"limit" is not a flag; did you mean --limit?'],
  ['-- here', '"here" is not a flag; --help lists the flags'],
  ['--limit', '--limit needs a value: --limit N'],
  ['--limit --json', '--limit needs a value: --limit N'],
  ['--limit=', '--limit needs a value: --limit N'],
  ['--out --', '--out needs a value: --out DIR'],
  ['--json=yes', '--json takes no value'],
  ['--json --json', '--json is given twice'],
  ['--limit 11', '--limit "11" is not a whole number from 1 to 10; without the flag it is 5'],
  ['--rate 0', '--rate "0" is not a number of events above 0 and up to 2'],
  ['--kinds one,three', '--kinds "three" is not one of one, two'],
  ['--rate 1 --from now', '--rate and --from do not go together'],
  ['--out x --kinds two', '--out and --kinds two do not go together'],
  ['--size 1', '--size goes only with --rate N or --kinds one'],
  ['--size 1 --kinds two', '--size goes only with --rate N or --kinds one'],
])('%s is refused in these words', (line, message) => {
  expect(() => read(line)).toThrow(expect.objectContaining({ name: 'WrongUse', message }));
});

test('of flags of which one is needed, none and two are refused', () => {
  const grammar = {
    flags: { stream: { value: 'ID', text: '' }, all: { text: '' } },
    either: [['stream', 'all']],
  };

  expect(readArguments(['--all'], grammar)).toEqual({ stream: undefined, all: true });
  expect(() => readArguments([], grammar)).toThrow('--stream ID or --all is needed');
  expect(() => readArguments(['--all', '--stream', 'a'], grammar)).toThrow(
    '--stream and --all do not go together',
  );
});

test('a required flag that is missing is named with its value', () => {
  const required = { stream: { value: 'ID', required: true, text: '' } } as const;

  expect(() => readArguments([], { flags: required })).toThrow('--stream ID is needed; --help tells more');
});

test('a flag that may be given several times has a list of all its values, read by its form', () => {
  const many = {
    n: { value: 'N', form: wholeNumber({ from: 1, to: 9 }), many: true, text: 'numbers' },
  } as const;

  expect(readArguments(['--n', '3', '--n=4'], { flags: many })).toEqual({ n: [3, 4] });
  expect(readArguments([], { flags: many })).toEqual({ n: [] });
  expect(() => readArguments(['--n', '3', '--n', '10'], { flags: many })).toThrow('--n "10" is not');
});

test('a program with an unspoken flag repeats no stray word, which may be a part of the value', () => {
  const secret = { value: { value: 'TEXT', unspoken: true, text: 'a value' } } as const;
  const message = 'a word of the command line belongs to no flag; quote a value that has spaces';

  expect(() => readArguments(['--value', 'Jo', 'Doe'], { flags: secret })).toThrow(new WrongUse(message));
});
