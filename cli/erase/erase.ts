import type { DeployedRelay } from '../access/deployed-relay.ts';
import { failsForAll } from '../access/explain-failure.ts';
import { readAhead } from '../access/read-ahead.ts';
import type { TimeRange } from '../replay/waiting.ts';
import { eraseObject } from './erase-object.ts';
import { addressOf, type ErasePlace, isSeenThroughView, listPlaces } from './erase-place.ts';
import { type ErasedThing, type EraseReport, emptyReport } from './erase-report.ts';
import { isLineSought, searchPlace, type ValueSearch } from './search-place.ts';
import { createOwed, type Owed } from './still-owed.ts';
import { beginSearch } from './value-search.ts';

export interface EraseOptions {
  readonly relay: DeployedRelay;
  readonly members: readonly string[];
  readonly value: string;
  readonly range: TimeRange | undefined;
  /** `list` reads nothing but the names of objects, `find` changes nothing. */
  readonly until: 'list' | 'find' | 'erase';
  /** Ends the erasing after the object in hand. */
  readonly signal: AbortSignal;
  readonly onListed?: (report: EraseReport) => void;
  readonly onRead?: (objects: number) => void;
}

/**
 * Finds every object of the stage that holds a value in some members, and erases it where nothing is owed from it. No part of
 * the report holds the value, or anything else of an event.
 */
export async function erase(options: EraseOptions): Promise<EraseReport> {
  const { relay, range, until, signal, onListed, onRead } = options;
  const places = await listPlaces(relay, range);
  const report = emptyReport(relay, options);
  for (const { size } of places) report.bytes += size;
  report.objects = places.length;
  onListed?.(report);
  if (until === 'list') return report;
  const { search, problems, reach } = await beginSearch(options);
  report.notes.push(...problems, ...reach);
  const owed = createOwed(relay);
  const holding: Holding[] = [];
  let read = 0;
  for await (const { place, object, failure } of readAhead(iterated(places), readPlace)) {
    if (signal.aborted) return { ...report, interrupted: true };
    read += 1;
    onRead?.(read);
    if (object === undefined) {
      if (failure !== undefined) report.unread.push({ address: addressOf(place), reason: failure });
      continue;
    }
    const thing = await look(place, { object, search, owed, report });
    if (thing === undefined) continue;
    report.found.push(thing);
    holding.push({ place, thing });
  }
  if (until !== 'erase') return report;
  // Batches come last: lines behind a view are known by the ids of their events.
  for (const { place, thing } of holding.toReversed()) {
    if (signal.aborted) return { ...report, interrupted: true };
    if (thing.state !== 'found') continue;
    const isNeeded =
      place.kind === 'journal' && holding.some((each) => each.thing !== thing && isLeft(each, relay));
    if (isNeeded) keepForIds(thing);
    else await act(place, { thing, search, report, relay });
  }
  return report;
}

interface Holding {
  readonly place: ErasePlace;
  readonly thing: ErasedThing;
}

/** True for lines behind a view that are still there. */
function isLeft({ place, thing: { state } }: Holding, relay: DeployedRelay): boolean {
  return (state === 'owed' || state === 'failed') && isSeenThroughView(relay, place);
}

function keepForIds(thing: ErasedThing): void {
  thing.state = 'owed';
  thing.reason =
    'lines behind a view are known by the ids of its events: erase it again when those are erased';
}

async function* iterated(places: readonly ErasePlace[]): AsyncIterable<ErasePlace> {
  yield* places;
}

type Content = Awaited<ReturnType<ErasePlace['bucket']['find']>>;

/** An object that cannot be read keeps no other from being read. One that has gone since it was listed holds nothing. */
async function readPlace(
  place: ErasePlace,
): Promise<{ readonly place: ErasePlace; readonly object?: Content; readonly failure?: string }> {
  try {
    return { place, object: await place.bucket.find(place.key) };
  } catch (error) {
    if (!(error instanceof Error) || failsForAll(error)) throw error;
    return { place, failure: `it could not be read: ${error.name}` };
  }
}

interface Looking {
  readonly object: NonNullable<Content>;
  readonly search: ValueSearch;
  readonly owed: Owed;
  readonly report: EraseReport;
}

/** @returns undefined where the object does not hold the value */
async function look(
  place: ErasePlace,
  { object, search, owed, report }: Looking,
): Promise<ErasedThing | undefined> {
  const address = addressOf(place);
  try {
    const { unread, ...held } = searchPlace(place, object, search);
    if (unread !== undefined) report.unread.push({ address, reason: unread });
    if (held.matched === 0) return undefined;
    const keepsRest = isKept(place, report);
    const why = await owed.reason(place, object);
    const facts = {
      address,
      kind: place.isReplayed ? ('replayed' as const) : place.kind,
      keepsRest,
      ...held,
    };
    return why === undefined ? { ...facts, state: 'found' } : { ...facts, state: 'owed', reason: why };
  } catch (error) {
    if (!(error instanceof Error && isDamage(error))) throw error;
    report.unread.push({ address, reason: 'it is damaged: look at it, then put it aside' });
    return undefined;
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

async function act(
  place: ErasePlace,
  {
    thing,
    search,
    report,
    relay,
  }: {
    readonly thing: ErasedThing;
    readonly search: ValueSearch;
    readonly report: EraseReport;
    readonly relay: DeployedRelay;
  },
): Promise<void> {
  try {
    const { done, isVersioned } = await eraseObject(place, {
      isSought: (line) => isLineSought(line, search),
      keepsRest: thing.keepsRest,
      now: relay.now(),
    });
    thing.state = done;
    if (isVersioned) report.versioned.push(thing.address);
  } catch (error) {
    if (!(error instanceof Error) || failsForAll(error)) throw error;
    thing.state = 'failed';
    thing.reason = `it could not be erased: ${error.name}`;
  }
}
