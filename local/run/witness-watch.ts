import { openPrefix } from '../../functions/stored/open-item.ts';
import { readRun, runPrefix } from '../../functions/stored/run-item.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { itemsOf, metaOf, plainItem } from './stream-items.ts';

/** Streams that are only there to watch over these; what they find is these streams' own. */
export function witnessesOf(streams: readonly WorldStream[], world: World): readonly WorldStream[] {
  const names = new Set(streams.map(({ name }) => name));
  return world.streams.filter(({ settings }) => names.has(settings.witnessOf?.name ?? ''));
}

export function isWitness({ settings }: WorldStream): boolean {
  return settings.witnessOf !== undefined;
}

/** Whether a witness has compared whatever it has read. */
export async function hasCompared(witness: WorldStream, world: World): Promise<boolean> {
  if ((await itemsOf(witness, world, openPrefix)).length > 0) return false;
  const until = (await metaOf(witness, world))?.comparedUntil ?? 0;
  const runs = (await itemsOf(witness, world, runPrefix)).map((item) => readRun(plainItem(item)));
  return runs.every(({ batches, endedAt }) => batches === 0 || endedAt <= until);
}
