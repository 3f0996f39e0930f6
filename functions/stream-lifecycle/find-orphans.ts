import type { UnfinishedRun } from '../stored/open-item.ts';
import type { UnfinishedRuns } from './ports.ts';

/**
 * Finds unfinished runs of streams that left the settings: no sweep will deliver them. A run that may still be
 * alive is left out, and the next search finds it.
 */
export async function findOrphans(
  streams: readonly string[],
  { unfinished, now }: { readonly unfinished: UnfinishedRuns; readonly now: () => number },
): Promise<readonly UnfinishedRun[]> {
  const known = new Set(streams);
  const runs = await unfinished.list();
  return runs.filter(({ stream, sealAfter }) => !known.has(stream) && sealAfter <= now());
}
