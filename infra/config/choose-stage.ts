import { readStages } from './read-stages.ts';
import type { Stage } from './settings.ts';

export type ChosenStage = { readonly stage: Stage } | { readonly problems: readonly string[] };

/**
 * Chooses the stage of that name, or gives every problem that stands in its way.
 *
 * @param file the settings as a message names them
 */
export function chooseStage(written: unknown, name: unknown, file = 'stages.ts'): ChosenStage {
  const read = readStages(written);
  if ('problems' in read) return read;
  const stage = read.stages.find((candidate) => candidate.name === name);
  if (stage !== undefined) return { stage };
  const known = read.stages.map((candidate) => candidate.name).join(', ');
  return {
    problems: [`stage '${String(name)}' is not in ${file}; the stages there are ${known}`],
  };
}
