import { nearest } from '../../infra/config/nearest.ts';
import { relayVersion } from '../../infra/config/relay-version.ts';
import type { Flags, Values } from './flag.ts';
import { helpText } from './help.ts';
import type { Program } from './program-description.ts';
import { firstWord, readArguments } from './read-arguments.ts';
import { shown, WrongUse } from './wrong-use.ts';

/** The two places that a program writes to: results, and problems. */
export interface Output {
  out(text: string): void;
  problem(text: string): void;
  readonly columns: number;
}

/**
 * Reads a program's command line and performs it. `--help`, `-h` and `--version` win over everything else on the line.
 *
 * @returns the exit code: 2 after wrong use, which is told in one line
 */
export async function runProgram<const All extends Flags>(
  program: Program<All>,
  args: readonly string[],
  output: Output,
  perform: (given: Values<All>, operand: string) => Promise<number>,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    output.out(helpText(program, output.columns));
    return 0;
  }
  if (args.includes('--version')) {
    output.out(relayVersion());
    return 0;
  }
  try {
    const { operand, rest } = takeOperand(program, args);
    return await perform(readArguments(rest, program), operand);
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    output.problem(`${program.name}: ${error.message}`);
    return WrongUse.exitCode;
  }
}

function takeOperand(program: Program, args: readonly string[]) {
  const { operand, flags } = program;
  if (operand === undefined) return { operand: '', rest: args };
  const { name, choices, open, default: preset } = operand;
  if (choices === undefined || open) {
    const { word = preset, rest } = firstWord(args, flags);
    if (word === undefined || word === '') {
      // A misspelt flag says more of what was meant than the word that is missing.
      readArguments(rest, program);
      throw new WrongUse(`${name} is needed; --help tells more`);
    }
    return { operand: word, rest };
  }
  const [word, ...rest] = args;
  if (word === undefined || word.startsWith('-')) {
    throw new WrongUse(`${name} is needed: ${choices.join(', ')}`);
  }
  if (choices.includes(word)) return { operand: word, rest };
  const meant = nearest(word, choices);
  const question = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new WrongUse(`"${shown(word)}" is not one of ${choices.join(', ')}${question}`);
}

/** For a word in a command's place that is none. */
export function unknownCommand(word: string, commands: readonly string[]): WrongUse {
  const meant = nearest(word, commands);
  return new WrongUse(
    `there is no command ${shown(word)}; ${meant === undefined ? `there are ${commands.join(', ')}` : `did you mean ${meant}?`}`,
  );
}
