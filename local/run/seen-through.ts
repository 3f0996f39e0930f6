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
    ...(view.shape && { timeless }),
    see(raw, keyId) {
      const see = seers.get(keyId)!;
      const cut = cutEvents(Buffer.concat([openArray, raw, closeArray]));
      if ('damaged' in cut) return undefined;
      const { cut: seen } = see(cut, type, collectedAtUnknown);
      if (seen.count === 0) return undefined;
      const bytes = seen.singleLine.subarray(seen.starts[0]!, seen.ends[0]!);
      return { id: eventIds(seen, type).toString('latin1'), bytes };
    },
  };
}

/** A shape writes the time of collection where an event has no readable one. */
const collectedAtUnknown = 0;

function timeless(event: Uint8Array, collectedAt: string | undefined): Uint8Array {
  const time = `,"time":${Date.parse(collectedAt ?? '')},`;
  const bytes = Buffer.from(event.buffer, event.byteOffset, event.length);
  const at = bytes.indexOf(time);
  if (at === -1) return event;
  const unknown = `,"time":${collectedAtUnknown},`;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(unknown), bytes.subarray(at + time.length)]);
}

const openArray = Buffer.from('[');
const closeArray = Buffer.from(']');
