import type { Flags, Values } from './flag.ts';
import { helpText } from './help.ts';
import { readArguments } from './read-arguments.ts';
import { nearest } from './suggest.ts';
import { relayVersion } from './version.ts';
import { shown, WrongUse } from './wrong-use.ts';

/** One program, or one command of `relay`: what its help, its docs and its completion are made of. */
export interface Program<All extends Flags = Flags> {
  /** As messages call it: `relay status`, `npm start`. */
  readonly name: string;
  /** As it is typed where that differs from the name: `npm start --`. */
  readonly typed?: string;
  /** What follows the name, a line per way of use: `--stream ID [options]`. */
  readonly synopsis: readonly string[];
  /** What the program does: paragraphs, separated by an empty line. */
  readonly about: string;
  /** Words of its output, explained. */
  readonly terms?: Readonly<Record<string, string>>;
  readonly flags: All;
  /** Of each group exactly one flag is to be given. */
  readonly either?: readonly (readonly string[])[];
  /** The one word that it takes without a flag. */
  readonly operand?: Operand;
  /** `0 done, 2 wrong use`. */
  readonly exitCodes: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Further paragraphs and lists for the commands' page, in Markdown. */
  readonly details?: string;
}

/** A word that stands without a flag. */
export interface Operand {
  /** Stands for the word in help and messages, such as `SHELL`. */
  readonly name: string;
  readonly choices: readonly string[];
  readonly text: string;
}

/** Where a program writes. */
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

function takeOperand({ operand }: Program, args: readonly string[]) {
  if (operand === undefined) return { operand: '', rest: args };
  const [word, ...rest] = args;
  if (word === undefined || word.startsWith('-')) {
    throw new WrongUse(`${operand.name} is needed: ${operand.choices.join(', ')}`);
  }
  if (operand.choices.includes(word)) return { operand: word, rest };
  throw new WrongUse(`"${shown(word)}" is not one of ${operand.choices.join(', ')}`);
}

/** For a word in a command's place that is none. */
export function unknownCommand(word: string, commands: readonly string[]): WrongUse {
  const meant = nearest(word, commands);
  return new WrongUse(
    `there is no command ${shown(word)}; ${meant === undefined ? `there are ${commands.join(', ')}` : `did you mean ${meant}?`}`,
  );
}
