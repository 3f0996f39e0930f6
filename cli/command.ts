import type { Flags, Values } from './arguments/flag.ts';
import { type Output, runProgram } from './arguments/program.ts';
import type { Program } from './arguments/program-description.ts';
import type { Ask } from './ask.ts';

/** One of the operator's commands: a file of its own in `commands/`. */
export interface Command extends Program {
  /**
   * @param args what follows the command's name
   * @returns the exit code: 0 done, 1 done with findings or failures, 2 wrong use or nothing to work on
   */
  execute(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** One command: the table of its flags, and the code that it runs. */
export interface CommandTable<All extends Flags> extends Program<All> {
  /**
   * @returns the exit code
   * @throws {CommandError} for what an operator can put right, printed as one line
   */
  run(given: Values<All>, terminal: Terminal, operand: string): Promise<number>;
}

/** Joins a command's table to what reads and performs its command line. */
export function defineCommand<const All extends Flags>(table: CommandTable<All>): Command {
  return {
    ...table,
    async execute(args, terminal) {
      try {
        return await runProgram(table, args, terminal, (given, operand) =>
          table.run(given, terminal, operand),
        );
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        terminal.problem(`${table.name}: ${error.message}`);
        return error.exitCode;
      }
    },
  };
}

/** The terminal of a command: results go to `out`, progress and problems to `problem`. */
export interface Terminal extends Output {
  /** True if `out` is a terminal. Colour and redrawing need one. */
  readonly isTerminal: boolean;
  /** Begins a line that says what is under way, and returns what ends it. Absent where problems go to no terminal. */
  readonly wait?: (text: string) => () => void;
  /** Absent where nobody can be asked. */
  readonly ask?: Ask;
  /** Reads the first line of stdin, for what is to stand on no command line; undefined where stdin has none. */
  readonly firstLine?: () => Promise<string | undefined>;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Does what takes long, and says at once what that is. */
export async function waiting<Value>(
  terminal: Pick<Terminal, 'wait' | 'problem'>,
  text: string,
  work: () => Promise<Value>,
): Promise<Value> {
  if (terminal.wait === undefined) terminal.problem(text);
  const end = terminal.wait?.(text);
  try {
    return await work();
  } finally {
    end?.();
  }
}

/**
 * A failure that an operator can put right. The message is one line: what was looked for, where, and what would help.
 */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
