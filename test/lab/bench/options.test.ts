import { expect, test } from 'vitest';
import { parseBenchOptions } from '../../../lab/bench/options.ts';

test('without flags there are 7 rounds and no JSON', () => {
  expect(parseBenchOptions([])).toEqual({ quick: false, json: false, rounds: 7 });
});

test.each([[['--rounds', '2']], [['--rounds', 'many']], [['--fast']], [['now']]])(
  '%j is refused with the usage',
  (args) => {
    expect(parseBenchOptions(args)).toMatchObject({
      exitCode: 2,
      usage: expect.stringContaining('Usage: npm run bench'),
    });
  },
);

test('--quick takes 3 rounds, and refuses others instead of passing over them', () => {
  expect(parseBenchOptions(['--quick'])).toEqual({ quick: true, json: false, rounds: 3 });
  expect(parseBenchOptions(['--quick', '--rounds', '11'])).toMatchObject({
    exitCode: 2,
    usage: expect.stringMatching(/^--quick always takes 3 rounds/),
  });
});
