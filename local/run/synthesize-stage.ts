import { RelayError } from '../../functions/relay-error.ts';
import { wrongUse } from './flag-values.ts';
import type { RunContext } from './run-context.ts';
import type { SynthesizeOptions } from './synthesize.ts';

/**
 * Synthesises a stage that the command line named.
 *
 * @throws {RelayError} `WrongUse` when there is no such stage, else `SynthFailed`
 */
export async function synthesizeStage(
  { root, signal, synthesize }: RunContext,
  target: Pick<SynthesizeOptions, 'stage' | 'outdir' | 'witness' | 'settings'>,
): Promise<void> {
  try {
    await synthesize({ root, signal, ...target });
  } catch (error) {
    // infra/app.ts says so in one line, and which there are.
    const noSuchStage =
      error instanceof RelayError && error.message.startsWith(`stage '${target.stage}' is not`);
    throw noSuchStage ? wrongUse(`--stage: ${error.message}`) : error;
  }
}
