import type { DeployedRelay } from '../access/deployed-relay.ts';
import { failsForAll } from '../access/explain-failure.ts';
import { readAhead } from '../access/read-ahead.ts';
import type { TimeRange } from '../replay/waiting.ts';
import { eraseObject } from './erase-object.ts';
import { addressOf, type ErasePlace, listPlaces } from './erase-place.ts';
import { type ErasedThing, type EraseReport, emptyReport } from './erase-report.ts';
import { type Looked, lookInPlace, readPlace } from './look-in-place.ts';
import { keepNeeded, mayBeViewed } from './needed-ids.ts';
import { isLineSought, type ValueSearch } from './search-place.ts';
import { createOwed } from './still-owed.ts';
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
  /** Asked once, after the finding and before the erasing. Absent where somebody has agreed already. */
  readonly agree?: (found: EraseReport) => Promise<boolean>;
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
  const begun = await beginSearch(options);
  const { search, problems, reach } = begun;
  report.unsearched.push(...problems);
  report.notes.push(...reach);
  const owed = createOwed(relay);
  const looked = new Map<ErasePlace, Looked>();
  let read = 0;
  const lookInto = async (some: readonly ErasePlace[]): Promise<boolean> => {
    for await (const one of readAhead(iterated(some), readPlace)) {
      if (signal.aborted) return false;
      if (!looked.has(one.place)) onRead?.(++read);
      looked.set(one.place, await lookInPlace(one, { search, owed, report }));
    }
    return true;
  };
  const isViewed = (place: ErasePlace): boolean => mayBeViewed(relay, place, begun);
  let isWhole = await lookInto(places.filter((place) => !isViewed(place)));
  // A line behind one view can give the id by which a line behind another one is known, whichever was read first.
  for (let known = -1; isWhole && known < search.ids.size; ) {
    known = search.ids.size;
    isWhole = await lookInto(places.filter(isViewed));
  }
  // Where a key cannot be used, the lines may be made with that one.
  if (search.otherKeyAt.size > 0 && problems.length === 0) report.unsearched.push(otherKeyLeft);
  if (isWhole) await keepNeeded(looked, { relay, begun, deliveredAt: owed.deliveredAt });
  const holding: Holding[] = [];
  for (const [place, { thing, unread }] of looked) {
    if (unread !== undefined) report.unread.push({ address: addressOf(place), reason: unread });
    if (thing === undefined) continue;
    report.found.push(thing);
    holding.push({ place, thing });
  }
  if (!isWhole) return { ...report, interrupted: true };
  if (until !== 'erase' || (options.agree !== undefined && !(await options.agree(report)))) return report;
  // Batches come last: lines behind a view are known by the ids of their events.
  for (const { place, thing } of holding.toReversed()) {
    if (signal.aborted) return { ...report, interrupted: true };
    if (thing.state !== 'found') continue;
    const isNeeded =
      place.kind === 'journal' && holding.some((each) => isLeft(each.thing) && isViewed(each.place));
    if (isNeeded) keepForIds(thing);
    else await act(place, { thing, search, report, relay });
  }
  return report;
}

const otherKeyLeft =
  'some lines were made with a key that its secret no longer holds: pseudonyms and ids of that key were not looked for';

interface Holding {
  readonly place: ErasePlace;
  readonly thing: ErasedThing;
}

function isLeft({ state }: ErasedThing): boolean {
  return state === 'owed' || state === 'failed';
}

function keepForIds(thing: ErasedThing): void {
  thing.state = 'owed';
  thing.reason =
    'lines behind a view are known by the ids of its events: erase it again when those are erased';
}

async function* iterated(places: readonly ErasePlace[]): AsyncIterable<ErasePlace> {
  yield* places;
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
