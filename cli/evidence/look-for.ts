import { eventId } from '../../functions/collector/answers/event-id.ts';
import { readRelayedLine } from '../replay/relayed-line.ts';
import { isWithin } from '../replay/waiting.ts';
import type { EventPlace, JournalWindow } from './journal-window.ts';
import type { KeptViews } from './kept-views.ts';
import { isLineOf, type MadeBy, type SeenWindow } from './seen-window.ts';
import type { ComparisonContext, WindowComparison } from './window-comparison.ts';

/** The comparison of one window with the lines of one destination, while it goes on. */
export interface LookedFor {
  /** Raw ids of the events that the destination holds. */
  readonly held: ReadonlySet<string>;
  /** Ids of lines that no event of the journal has. */
  readonly strangers: ReadonlySet<string>;
  /** Ids of lines that cannot be compared, since a key cannot be used. */
  readonly uncompared: ReadonlySet<string>;
  /** Ids of lines that cannot be compared, since they name a key that its secret no longer holds. */
  readonly otherKey: ReadonlySet<string>;
  at(line: Uint8Array): Promise<void>;
  /** True once every event is held, or left out by a view, or may be one of the lines that cannot be compared. */
  hasEverything(): Promise<boolean>;
  /** Tells by its raw id whether a view of the destination leaves an event out. */
  isHidden(): Promise<(rawId: string) => boolean>;
}

export function lookFor(
  { journal, destination, window, seenBy, evidence }: WindowComparison,
  { type, views }: ComparisonContext,
): LookedFor {
  const held = new Set<string>();
  const strangers = new Set<string>();
  const uncompared = new Set<string>();
  const otherKey = new Set<string>();
  /** The views and keys by which lines of the window were made. An absent name stands for no view. */
  const met = new Map<string | undefined, SeenWindow | undefined>();
  let keyed: Promise<KeyedIds> | undefined;
  const windowOf = async (by: MadeBy): Promise<SeenWindow | undefined> => {
    const name = JSON.stringify([by.label, by.key]);
    if (!met.has(name)) met.set(name, await seenBy(by, destination));
    return met.get(name);
  };
  const hold = (rawId: string, isTheSame: boolean): void => {
    if (!isTheSame) evidence.altered += 1;
    else if (held.has(rawId)) evidence.duplicates += 1;
    else held.add(rawId);
  };
  const atUnknown = async (id: string, key: string | undefined): Promise<void> => {
    keyed ??= keyedIds(journal, views);
    const { rawIds, isWhole, keyIds } = await keyed;
    const rawId = journal.ids.has(id) ? id : rawIds.get(id);
    if (rawId === undefined) {
      const isOther = key !== undefined && !keyIds.has(key);
      (!isWhole ? uncompared : isOther ? otherKey : strangers).add(id);
    } else {
      if (!held.has(rawId)) evidence.comparedById += 1;
      hold(rawId, true);
    }
  };
  // Where no line came, the view of today has left out everything or has had nothing to show.
  const hiding = async (): Promise<readonly SeenWindow[]> => {
    const label = destination.view;
    const today = label === undefined ? undefined : await seenBy({ label }, destination);
    return (met.size > 0 ? [...met.values()] : [today]).filter((each) => each !== undefined);
  };
  return {
    held,
    strangers,
    uncompared,
    otherKey,
    async at(line) {
      const read = readRelayedLine(line);
      if (read === undefined || !isWithin(window, read.collectedAt)) return;
      const { eventId: id, view: label, key } = read;
      if (label === undefined) {
        met.set(undefined, undefined);
        const place = journal.ids.get(id);
        if (place === undefined) strangers.add(id);
        else hold(id, isSame(id, read.events, place, type));
        return;
      }
      const made = await windowOf({ label, key });
      if (made === undefined) return atUnknown(id, key);
      const known = made.lines.get(id);
      if (known !== undefined) hold(known.rawId, isLineOf(known, line));
      else if (made.isWhole) strangers.add(id);
      else (made.view.problem === undefined ? otherKey : uncompared).add(id);
    },
    async isHidden() {
      const windows = await hiding();
      return (rawId) => windows.some(({ hidden }) => hidden.has(rawId));
    },
    async hasEverything() {
      const windows = await hiding();
      const hiddenAtMost = windows.reduce((sum, { hidden }) => sum + hidden.size, 0);
      const mayHold = uncompared.size + otherKey.size;
      if (held.size + hiddenAtMost + mayHold < journal.ids.size) return false;
      const isLacking = (id: string): boolean =>
        !held.has(id) && !windows.some(({ hidden }) => hidden.has(id));
      return [...journal.ids.keys()].filter(isLacking).length <= mayHold;
    },
  };
}

interface KeyedIds {
  /** By the id that a view's lines have. */
  readonly rawIds: ReadonlyMap<string, string>;
  /** The ids of the keys that can be used. */
  readonly keyIds: ReadonlySet<string>;
  /** False where a key cannot be used. */
  readonly isWhole: boolean;
}

async function keyedIds({ ids }: JournalWindow, views: KeptViews): Promise<KeyedIds> {
  const rawIds = new Map<string, string>();
  const keys = await views.keys();
  for (const { idOf } of keys) if (idOf !== undefined) for (const id of ids.keys()) rawIds.set(idOf(id), id);
  const keyIds = new Set(keys.flatMap(({ key }) => key?.id ?? []));
  return { rawIds, keyIds, isWhole: keys.every(({ idOf }) => idOf !== undefined) };
}

/** True if a line holds the journaled event: its id must be the hash of the line's own bytes. */
function isSame(id: string, readings: readonly Uint8Array[], place: EventPlace, type: string): boolean {
  const wanted = place.singleLineId ?? id;
  return readings.some((bytes) => eventId(type, bytes) === wanted);
}
