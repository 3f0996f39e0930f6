import { readStages } from './read-stages.ts';
import type { Stage } from './settings.ts';
import { noSuchStage } from './which-stage.ts';

export type ChosenStage = { readonly stage: Stage } | { readonly problems: readonly string[] };

/**
 * Chooses the stage of that name, or gives every problem that stands in its way.
 *
 * @param file the settings as a message names them
 */
export function chooseStage(written: unknown, name: unknown, file = 'stages.ts'): ChosenStage {
  const read = readStages(written);
  const found = 'stages' in read ? read.stages.find((candidate) => candidate.name === name) : undefined;
  if (found !== undefined) return { stage: found };
  const problems = 'problems' in read ? read.problems : [];
  const known = Object.keys(Object(written));
  if (known.includes(String(name))) return { problems };
  return { problems: [...problems, noSuchStage(name, written, file)] };
}
