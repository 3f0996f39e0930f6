import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { eventIds } from '../../functions/collector/answers/event-id.ts';
import { createSeer } from '../../functions/collector/views/see-cut.ts';
import { changesMembers } from '../../functions/stored/compiled-view.ts';
import { viewKey } from '../view-keys.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { SeenThrough } from './seen-events.ts';

/** Makes again what a destination may see of events; undefined where it sees everything. */
export function seenThrough(
  { type }: Pick<WorldStream, 'type'>,
  { view: label }: WorldStream['destinations'][number],
  { views, viewKeyIds }: Pick<World, 'views' | 'viewKeyIds'>,
): SeenThrough | undefined {
  if (label === undefined) return undefined;
  const view = views[label];
  if (view === undefined) throw new Error(`the assembly has no view ${label}`);
  const secret = changesMembers(view) ? view.key : undefined;
  const keyIds = secret === undefined ? [undefined] : viewKeyIds;
  const seers = new Map(
    keyIds.map((id) => [id, createSeer(view, secret === undefined ? undefined : viewKey(secret, id))]),
  );
  return {
    label,
    keyIds,
    see(raw, keyId) {
      const see = seers.get(keyId)!;
      const cut = cutEvents(Buffer.concat([openArray, raw, closeArray]));
      if ('damaged' in cut) return undefined;
      const { cut: seen } = see(cut, type);
      if (seen.count === 0) return undefined;
      const bytes = seen.singleLine.subarray(seen.starts[0]!, seen.ends[0]!);
      return { id: eventIds(seen, type).toString('latin1'), bytes };
    },
  };
}

const openArray = Buffer.from('[');
const closeArray = Buffer.from(']');
