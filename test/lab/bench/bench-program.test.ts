import { expect, test } from 'vitest';
import { readArguments } from '../../../cli/arguments/read-arguments.ts';
import { benchProgram } from '../../../lab/bench/bench-program.ts';

const read = (...words: readonly string[]) => readArguments(words, benchProgram);

test('without flags there are 7 rounds and no JSON', () => {
  expect(read()).toEqual({ quick: false, json: false, rounds: 7 });
});

test.each([
  [['--rounds', '2'], '--rounds "2" is not a whole number from 3 to 50; without the flag it is 7'],
  [['--rounds', 'many'], '--rounds "many" is not a whole number from 3 to 50; without the flag it is 7'],
  [['--quick', '--rounds', '11'], '--quick and --rounds do not go together'],
  [['now'], '"now" is not a flag; --help lists the flags'],
])('%j is refused', (words, message) => {
  expect(() => read(...words)).toThrow(message);
});
