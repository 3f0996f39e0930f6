import type { DeployedRelay } from '../access/deployed-relay.ts';
import { type ErasePlace, isSeenThroughView } from './erase-place.ts';
import type { Looked } from './look-in-place.ts';
import type { BegunSearch } from './value-search.ts';

/** True where lines may have been made by a view: of the destination's view of today, or of one that the stream has had. */
export function mayBeViewed(
  relay: DeployedRelay,
  place: ErasePlace,
  { viewed }: Pick<BegunSearch, 'viewed'>,
): boolean {
  if (place.kind !== 'backup' && place.kind !== 'delivered') return false;
  return viewed.has(place.streamName) || isSeenThroughView(relay, place);
}

/**
 * Keeps batches whose ids are still needed: lines that mask the value are known by the ids of a batch alone, so the batch stays
 * as long as such a line may be where nobody has looked.
 */
export async function keepNeeded(
  looked: ReadonlyMap<ErasePlace, Looked>,
  {
    relay,
    begun,
    deliveredAt,
  }: {
    readonly relay: DeployedRelay;
    readonly begun: Pick<BegunSearch, 'viewed' | 'search'>;
    readonly deliveredAt: (place: ErasePlace) => Promise<number>;
  },
): Promise<void> {
  const unread = new Set<string>();
  for (const [place, one] of looked)
    if (one.unread !== undefined && mayBeViewed(relay, place, begun)) unread.add(place.streamName);
  for (const [place, { thing, collectedAt }] of looked) {
    if (thing?.state !== 'found' || collectedAt === undefined) continue;
    const [problem] = begun.viewed.get(place.streamName) ?? [];
    const why =
      problem !== undefined
        ? `${problem}: erase it again when the key can be used`
        : unread.has(place.streamName)
          ? 'an object behind a view could not be read: read its line below, and erase this again when the object is repaired or put aside'
          : begun.search.otherKeyAt.has(collectedAt)
            ? 'lines that were delivered from it have ids and pseudonyms of another key: let its secret hold that key again while you erase, or let the batch expire'
            : begun.viewed.has(place.streamName) && relay.now() - (await deliveredAt(place)) < underWayMs
              ? 'its lines may still be on their way behind a view: erase it again 28 hours after it was delivered'
              : undefined;
    if (why === undefined) continue;
    thing.state = 'owed';
    thing.reason = `its ids are needed to find lines behind a view. ${why[0]!.toUpperCase()}${why.slice(1)}`;
  }
}

/** Firehose tries for 24 hours, and what it buffers and writes afterwards takes less than four more. */
const underWayMs = 28 * 3_600_000;
