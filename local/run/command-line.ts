import { readSettingsOf, stageAsked } from '../../cli/access/settings-file.ts';
import { outputOf } from '../../cli/arguments/output.ts';
import { runProgram } from '../../cli/arguments/program.ts';
import { tryProgram } from '../../cli/trial/try-program.ts';
import { sourceHelp } from '../source-switches.ts';
import { runApi } from './api-run.ts';
import { startProgramAs } from './flags.ts';
import { Interrupted } from './interrupt.ts';
import { runMain } from './main-run.ts';
import { commandOf, type MainCommand, type RunCommand } from './options.ts';
import type { RunContext } from './run-context.ts';
import { runServe } from './serve-run.ts';
import { trialOf } from './trial-command.ts';

/**
 * Performs the command line.
 *
 * @returns the exit code: 0 nothing is missing, 1 something is or the run failed, 2 wrong use, 130 Ctrl-C
 */
export async function runCommandLine(args: readonly string[], context: RunContext): Promise<number> {
  let command: RunCommand | undefined;
  const { called = 'npm start' } = context;
  try {
    if (called === tryProgram.name)
      return await runProgram(tryProgram, args, outputOf(context), async (given, address) => {
        command = trialOf(given, address, await stageAsked(given));
        return perform(command, context);
      });
    return await runProgram(startProgramAs(called), args, outputOf(context), async (given) => {
      command = commandOf(given, await stageAsked(given));
      return perform(command, context);
    });
  } catch (error) {
    const { reason } = context.signal;
    // After an interrupt, every failure counts as its consequence.
    if (reason instanceof Interrupted) return command?.kind === 'serve' ? 0 : reason.exitCode;
    context.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}

async function perform(command: RunCommand, context: RunContext): Promise<number> {
  switch (command.kind) {
    case 'source-help':
      context.stdout.write(`${sourceHelp()}\n`);
      return 0;
    case 'main':
      return await runMain({ ...command, settings: await settingsOf(command) }, context);
    case 'serve':
      return await runServe({ ...command, settings: await settingsOf(command) }, context);
    case 'api':
      return await runApi({ ...command, settings: await settingsOf(command) }, context);
  }
}

/**
 * The file of settings. It is read here too, for two reasons: the app would tell what is wrong with it at greater
 * length, and whoever reads it learns the operator's own kinds of destination.
 *
 * @throws {WrongUse} where the settings cannot be read, or do not have the stage
 */
async function settingsOf({ settings, stage }: Pick<MainCommand, 'settings' | 'stage'>): Promise<string> {
  return (await readSettingsOf(stage, settings)).file;
}

/** Describes a foreseen failure by its message, and a bug with its stack for the one who repairs it. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const bug = ['TypeError', 'ReferenceError', 'RangeError', 'AssertionError'].includes(error.name);
  return bug ? (error.stack ?? error.message) : error.message;
}
