import { describeSwitches, switches } from '@mosaic-relay/mosaic-simulator';
import { RelayError } from '../../functions/relay-error.ts';
import { runApi } from './api-run.ts';
import { helpText } from './flags.ts';
import { Interrupted } from './interrupt.ts';
import { runMain } from './main-run.ts';
import { type Command, readOptions } from './options.ts';
import type { RunContext } from './run-context.ts';
import { runServe } from './serve-run.ts';

/**
 * Does what the command line asks for.
 *
 * @returns the exit code: 0 nothing is missing, 1 something is or the run failed, 2 wrong use, 130 Ctrl-C
 */
export async function runCommandLine(args: readonly string[], context: RunContext): Promise<number> {
  let command: Command | undefined;
  try {
    command = readOptions(args, switches);
    return await perform(command, context);
  } catch (error) {
    const { reason } = context.signal;
    // Whatever failed once it was interrupted failed because of it.
    if (reason instanceof Interrupted) return command?.kind === 'serve' ? 0 : reason.exitCode;
    context.stderr.write(`${describeFailure(error)}\n`);
    return error instanceof RelayError && error.code === 'WrongUse' ? 2 : 1;
  }
}

async function perform(command: Command, context: RunContext): Promise<number> {
  switch (command.kind) {
    case 'help':
      context.stdout.write(`${helpText()}\n`);
      return 0;
    case 'source-help':
      context.stdout.write(`${describeSwitches()}\n`);
      return 0;
    case 'main':
      return await runMain(command, context);
    case 'serve':
      return await runServe(command, context);
    case 'api':
      return await runApi(command, context);
  }
}

/** A foreseen failure is its message; a bug keeps its stack, which is what whoever mends it needs. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const bug = ['TypeError', 'ReferenceError', 'RangeError', 'AssertionError'].includes(error.name);
  return bug ? (error.stack ?? error.message) : error.message;
}
