import type { DeliveredLine } from './delivered-line.ts';
import { createIdTable } from './id-table.ts';

/** What a destination's view makes of an event. */
export interface SeenThrough {
  /** What every line says of the view. */
  readonly label: string;
  /** The ids of the keys that lines may name, or one absent id where the view has no key. */
  readonly keyIds: readonly (string | undefined)[];
  /** @returns the id and the bytes of the line's event; undefined where the destination does not see it */
  see(
    raw: Uint8Array,
    keyId: string | undefined,
  ): { readonly id: string; readonly bytes: Uint8Array } | undefined;
  /** The bytes of a line's event as `see` gives them, which does not know when the event was collected. */
  readonly timeless?: (event: Uint8Array, collectedAt: string | undefined) => Uint8Array;
}

/** The owed events as one destination sees them: by their ids there, with enough to tell their bytes from others. */
export interface SeenEvents {
  readonly label: string;
  /** Takes note of an event. @param index the number of its raw id */
  add(index: number, raw: Uint8Array): void;
  /** The number of the raw id of an event that has the line's id at the destination, by the key that the line names; or -1. */
  find(line: Pick<DeliveredLine, 'id' | 'key'>): number;
  /** True if one of several readings of a delivered line is what view and key make of the event of that number. */
  agrees(index: number, line: Pick<DeliveredLine, 'events' | 'key' | 'collectedAt'>): boolean;
  /** True for an event that the destination does not see. */
  isDropped(index: number): boolean;
}

export function createSeenEvents(
  { label, keyIds, see, timeless = (event) => event }: SeenThrough,
  digest: (raw: Uint8Array) => string,
): SeenEvents {
  const byKey = new Map(keyIds.map((keyId) => [keyId, createSeenByKey((raw) => see(raw, keyId), digest)]));
  return {
    label,
    add(index, raw) {
      for (const one of byKey.values()) one.add(index, raw);
    },
    find: ({ id, key }) => byKey.get(key)?.find(id) ?? -1,
    agrees: (index, { events, key, collectedAt }) => {
      const readings = [...events, ...events.map((event) => timeless(event, collectedAt))];
      return byKey.get(key)?.agrees(index, readings) ?? false;
    },
    // Every key shows the same events.
    isDropped: (index) => [...byKey.values()][0]!.isDropped(index),
  };
}

function createSeenByKey(
  see: (raw: Uint8Array) => ReturnType<SeenThrough['see']>,
  digest: (raw: Uint8Array) => string,
) {
  const table = createIdTable();
  /** By the number of the id at the destination: the number of the raw id. */
  const rawOf: number[] = [];
  /** By the number of the raw id: what is wanted of a line's bytes, or that there is no line. */
  const checks = new Map<number, string | undefined>();
  return {
    add(index: number, raw: Uint8Array) {
      if (checks.has(index)) return;
      const seen = see(raw);
      checks.set(index, seen && digest(seen.bytes));
      if (seen !== undefined) rawOf[table.add(seen.id)] = index;
    },
    find: (id: string) => rawOf[table.find(id)] ?? -1,
    agrees: (index: number, readings: readonly Uint8Array[]) =>
      readings.some((event) => digest(event) === checks.get(index)),
    isDropped: (index: number) => checks.has(index) && checks.get(index) === undefined,
  };
}
