import { join } from 'node:path';
import type { LocalStageOptions } from '../../../local/run/local-stage.ts';
import { synthesize } from '../../../local/run/synthesize.ts';

/** What a stage is opened with in a test: this checkout, nobody to interrupt it, and nothing that is written. */
export function inSilence(
  differing: Partial<LocalStageOptions['context']> = {},
): Pick<LocalStageOptions, 'context' | 'progress'> {
  const silent = { write: () => true };
  return {
    context: {
      root: join(import.meta.dirname, '../../..'),
      stdout: silent,
      stderr: silent,
      env: {},
      synthesize,
      signal: new AbortController().signal,
      ...differing,
    },
    progress: { stage: () => undefined, update: () => undefined, stop: () => undefined },
  };
}
