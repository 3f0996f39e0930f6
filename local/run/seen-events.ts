import { createIdTable } from './id-table.ts';

/** What a destination's view makes of an event. */
export interface SeenThrough {
  /** What every line says of the view. */
  readonly label: string;
  /** @returns the id and the bytes of the line's event; undefined where the destination does not see it */
  see(raw: Uint8Array): { readonly id: string; readonly bytes: Uint8Array } | undefined;
}

/** The owed events as one destination sees them: by their ids there, with enough to tell their bytes from others. */
export interface SeenEvents {
  readonly label: string;
  /** Takes note of an event. @param index the number of its raw id */
  add(index: number, raw: Uint8Array): void;
  /** The number of the raw id of an event that has this id at the destination, or -1. */
  find(id: string): number;
  /** True if one of several readings of a delivered line is what the view makes of the event of that number. */
  agrees(index: number, readings: readonly Uint8Array[]): boolean;
  /** True for an event that the destination does not see. */
  isDropped(index: number): boolean;
}

export function createSeenEvents(
  { label, see }: SeenThrough,
  digest: (raw: Uint8Array) => string,
): SeenEvents {
  const table = createIdTable();
  /** By the number of the id at the destination: the number of the raw id. */
  const rawOf: number[] = [];
  /** By the number of the raw id: what is wanted of a line's bytes, or that there is no line. */
  const checks = new Map<number, string | undefined>();
  return {
    label,
    add(index, raw) {
      if (checks.has(index)) return;
      const seen = see(raw);
      checks.set(index, seen && digest(seen.bytes));
      if (seen !== undefined) rawOf[table.add(seen.id)] = index;
    },
    find: (id) => rawOf[table.find(id)] ?? -1,
    agrees: (index, readings) => readings.some((event) => digest(event) === checks.get(index)),
    isDropped: (index) => checks.has(index) && checks.get(index) === undefined,
  };
}
