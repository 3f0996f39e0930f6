import { readBatchMetadata } from '../../functions/stored/journaled-batch.ts';
import { failsForAll } from '../access/explain-failure.ts';
import { addressOf, type ErasePlace } from './erase-place.ts';
import type { ErasedThing, EraseReport } from './erase-report.ts';
import { searchPlace, type ValueSearch } from './search-place.ts';
import type { Owed } from './still-owed.ts';

/** The result of looking into one object. */
export interface Looked {
  /** Absent where the object does not hold the value. */
  readonly thing?: ErasedThing;
  /** The part of it that could not be read. */
  readonly unread?: string;
  /** The time of a batch, in ms since the epoch. */
  readonly collectedAt?: number;
}

type Content = Awaited<ReturnType<ErasePlace['bucket']['find']>>;

/** An object that cannot be read keeps no other from being read. One that has gone since it was listed holds nothing. */
export async function readPlace(
  place: ErasePlace,
): Promise<{ readonly place: ErasePlace; readonly object?: Content; readonly failure?: string }> {
  try {
    return { place, object: await place.bucket.find(place.key) };
  } catch (error) {
    if (!(error instanceof Error) || failsForAll(error)) throw error;
    return { place, failure: `it could not be read: ${error.name}` };
  }
}

/** Looks for the value in an object that was read. */
export async function lookInPlace(
  { place, object, failure }: Awaited<ReturnType<typeof readPlace>>,
  {
    search,
    owed,
    report,
  }: { readonly search: ValueSearch; readonly owed: Owed; readonly report: EraseReport },
): Promise<Looked> {
  if (object === undefined) return failure === undefined ? {} : { unread: failure };
  try {
    const { unread, ...held } = searchPlace(place, object, search);
    const looked = unread === undefined ? {} : { unread };
    if (held.matched === 0) return looked;
    const why = await owed.reason(place, object);
    const thing: ErasedThing = {
      address: addressOf(place),
      kind: place.isReplayed ? 'replayed' : place.kind,
      keepsRest: isKept(place, report),
      ...held,
      ...(why === undefined ? { state: 'found' } : { state: 'owed', reason: why }),
    };
    if (place.kind !== 'journal') return { ...looked, thing };
    return { ...looked, thing, collectedAt: readBatchMetadata(object.metadata).collectedAt };
  } catch (error) {
    if (!(error instanceof Error && isDamage(error))) throw error;
    return { unread: 'it is damaged: look at it, then put it aside' };
  }
}

/** Data that were delivered to stay keep their other lines. Those on their way to a receiver are copies. */
function isKept({ kind, streamName, destination }: ErasePlace, { copied }: EraseReport): boolean {
  return kind === 'delivered' && !copied.includes(`${streamName}/${destination}`);
}

function isDamage(error: Error): boolean {
  return (
    'code' in error &&
    /^(Z|ZSTD|ERR_ZSTD)_|^ERR_BUFFER_TOO_LARGE$|^DamagedObject$|^ObjectAboveCap$/.test(String(error.code))
  );
}
