import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../../cli/arguments/program.ts';
import type { Program } from '../../../cli/arguments/program-description.ts';
import { loadCommands } from '../../../cli/commands.ts';
import { tryProgram } from '../../../cli/trial/try-program.ts';
import { benchProgram } from '../../../lab/bench/bench-program.ts';
import { releaseProgram } from '../../../lab/release/release-program.ts';
import { soakProgram } from '../../../lab/soak/soak-program.ts';
import { mosaicProgram } from '../../../local/mosaic-program.ts';
import { startProgram } from '../../../local/run/flags.ts';

const programs: readonly Program[] = [
  ...(await loadCommands()).map(({ table }) => table),
  startProgram,
  tryProgram,
  mosaicProgram,
  soakProgram,
  benchProgram,
  releaseProgram,
];

describe.each(programs.map((program) => [program.name, program] as const))('%s', (name, program) => {
  test('takes any list of words, or refuses it in one line with exit code 2', async () => {
    await fc.assert(
      fc.asyncProperty(wordsFor(program), async (words) => {
        const { code, out, problems, performed } = await called(program, words);

        if (performed) expect({ code, out, problems }).toEqual({ code: 0, out: [], problems: [] });
        else if (code === 0) expect([problems, out.length]).toEqual([[], 1]);
        else {
          expect({ code, out }).toEqual({ code: 2, out: [] });
          expect(problems).toEqual([
            expect.stringMatching(new RegExp(`^${name}: [^\\p{Cc}\\u2028\\u2029]+$`, 'u')),
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [['--bogus'], 'there is no flag --bogus; --help lists the flags'],
    [
      ['--jsn'],
      program.flags.json ? 'there is no flag --jsn; did you mean --json?' : 'there is no flag --jsn',
    ],
    [['--stage'], program.flags.stage ? '--stage needs a value: --stage NAME' : 'there is no flag --stage'],
  ])('says of %j what every program says of it', async (words, message) => {
    const operand = program.operand?.choices?.[0];
    const { code, problems } = await called(program, operand === undefined ? words : [operand, ...words]);

    expect(code).toBe(2);
    expect(problems).toEqual([expect.stringContaining(`${name}: ${message}`)]);
  });

  test('prints the version alone, and help that fits a terminal of 80 columns', async () => {
    const version = await called(program, ['--bogus', '--version']);
    const help = await called(program, ['--bogus', '--help']);

    expect(version).toMatchObject({ code: 0, out: [expect.stringMatching(/^\d+\.\d+\.\d+$/)], problems: [] });
    expect(help).toMatchObject({ code: 0, problems: [] });
    const [text = ''] = help.out;
    expect(text.startsWith(`Usage: ${program.typed ?? name}`)).toBe(true);
    const tooLong = text.split('\n').filter((line) => line.length > 80);
    // Command lines are not broken, so that they can be copied.
    expect(tooLong.filter((line) => !/^(Usage:|Example:| {2})( *)(relay|npm|source) /.test(line))).toEqual(
      [],
    );
    for (const flag of Object.keys(program.flags)) expect(text).toContain(`  --${flag}`);
  });
});

/** Words of which many nearly make a command line. */
function wordsFor({ flags, operand }: Program) {
  const names = Object.keys(flags).map((name) => `--${name}`);
  const choices = Object.values(flags).flatMap(({ form }) => form?.choices ?? []);
  const word = fc.oneof(
    fc.constantFrom(...names, '--', '-', '-h', '--json', '-2h', 'now', '5', '2026-03-02', '--__proto__'),
    fc.constantFrom(...choices, ...(operand?.choices ?? []), 'cis', ''),
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.constantFrom(...names, '--x'), fc.string({ unit: 'grapheme' })).map((pair) => pair.join('=')),
  );
  return fc.array(word, { maxLength: 7 });
}

async function called(program: Program, words: readonly string[]) {
  const out: string[] = [];
  const problems: string[] = [];
  let performed = false;
  const output = {
    out: (text: string) => void out.push(text),
    problem: (text: string) => void problems.push(text),
  };
  const code = await runProgram(program, words, { ...output, columns: 80 }, async () => {
    performed = true;
    return 0;
  });
  return { code, out, problems, performed };
}
