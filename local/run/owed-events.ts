import { type Counts, createCounts, createIdTable, type IdTable } from './id-table.ts';

/**
 * The events that every destination is owed, by id and number of copies, with enough of each event to tell its
 * bytes from others with its id.
 *
 * @param digest the event id of raw bytes
 */
export function createOwed(digest: (raw: Uint8Array) => string): Owed {
  const table = createIdTable();
  const wanted = createCounts();
  // 32 bits of the digest of each event's bytes as a line delivers them.
  let checks = new Uint32Array(1024);
  let total = 0;
  return {
    table,
    wanted,
    get total() {
      return total;
    },
    add(event) {
      const index = table.add(digest(event));
      if (index >= checks.length) {
        const larger = new Uint32Array(checks.length * 2);
        larger.set(checks);
        checks = larger;
      }
      if (wanted.of(index) === 0) checks[index] = firstWord(digest(withoutLineBreaks(event)));
      wanted.add(index);
      total += 1;
      return index;
    },
    find: (event) => table.find(digest(event)),
    agrees: (index, readings) => readings.some((event) => firstWord(digest(event)) === checks[index]),
    isIdOf: (id, readings) => readings.some((event) => digest(event) === id),
  };
}

export interface Owed {
  readonly table: IdTable;
  /** Wanted copies, by the id's number in the table. */
  readonly wanted: Counts;
  /** Number of events; twins count one by one. */
  readonly total: number;
  /** @returns the number of the event's id */
  add(event: Uint8Array): number;
  /** The number of the event's id, or -1. */
  find(event: Uint8Array): number;
  /** True if one of several readings of a delivered line is the event of that number. */
  agrees(index: number, readings: readonly Uint8Array[]): boolean;
  /** True if one of the readings has that id, for an event that was not added. */
  isIdOf(id: string, readings: readonly Uint8Array[]): boolean;
}

function firstWord(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16);
}

/** Line breaks outside strings arrive as spaces. */
function withoutLineBreaks(event: Uint8Array): Uint8Array {
  if (!event.includes(0x0a) && !event.includes(0x0d)) return event;
  return event.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte));
}
