import type { UnfinishedRun } from '../stored/open-item.ts';
import type { UnfinishedRuns } from './ports.ts';

/**
 * The runs that nobody will finish: of streams that are no longer in the settings, and so have no sweep. A run that
 * may still be alive is left out; the next search finds it.
 */
export async function findOrphans(
  streams: readonly string[],
  { unfinished, now }: { readonly unfinished: UnfinishedRuns; readonly now: () => number },
): Promise<readonly UnfinishedRun[]> {
  const known = new Set(streams);
  const runs = await unfinished.list();
  return runs.filter(({ stream, sealAfter }) => !known.has(stream) && sealAfter <= now());
}
