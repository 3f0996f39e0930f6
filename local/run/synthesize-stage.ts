import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import { RelayError } from '../../functions/relay-error.ts';
import type { RunContext } from './run-context.ts';
import type { SynthesizeOptions } from './synthesize.ts';

/**
 * Synthesises a stage that the command line named.
 *
 * @throws {WrongUse} when there is no such stage, or the settings cannot be read
 * @throws {RelayError} `SynthFailed` otherwise
 */
export async function synthesizeStage(
  { root, signal, synthesize }: RunContext,
  target: Pick<SynthesizeOptions, 'stage' | 'outdir' | 'witness' | 'settings'>,
): Promise<void> {
  try {
    await synthesize({ root, signal, ...target });
  } catch (error) {
    if (error instanceof RelayError && error.code === 'SettingsUnreadable') throw new WrongUse(error.message);
    // The app says so in one line, and which there are.
    const noSuchStage =
      error instanceof RelayError && error.message.startsWith(`stage '${target.stage}' is not`);
    throw noSuchStage ? new WrongUse(`--stage: ${error.message}`) : error;
  }
}
