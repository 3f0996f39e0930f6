/** One of the operator's commands: a file of its own in `commands/`. */
export interface Command {
  /** Printed by `--help`: begins with `Usage: relay <name>` and ends with an example. */
  readonly usage: string;
  /**
   * @param args what follows the command's name
   * @returns the exit code: 0 done, 1 done with findings or failures, 2 wrong use or nothing to work on
   * @throws {CommandError} for what an operator can mend, printed as one line
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Where a command writes: results on `out`, progress and problems on `problems`. */
export interface Terminal {
  out(text: string): void;
  problem(text: string): void;
  /** Whether `out` is a terminal: colour and redrawing only there. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Asks on `problems` and answers the line typed; absent where nobody can be asked. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** What an operator can mend: what was looked for, where, and what would help, in one line. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
