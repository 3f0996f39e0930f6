import { RelayError } from '../../functions/relay-error.ts';
import { wrongUse } from './options.ts';
import { type SynthesizeOptions, synthesize } from './synthesize.ts';

/**
 * Synthesises a stage that the command line named.
 *
 * @throws {RelayError} `WrongUse` when there is no such stage, else `SynthFailed`
 */
export async function synthesizeStage(options: SynthesizeOptions): Promise<void> {
  try {
    await synthesize(options);
  } catch (error) {
    // infra/app.ts says so in one line, and which there are.
    const noSuchStage =
      error instanceof RelayError && error.message.startsWith(`stage '${options.stage}' is not`);
    throw noSuchStage ? wrongUse(`--stage: ${error.message}`) : error;
  }
}
