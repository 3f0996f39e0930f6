/**
 * Numbers event ids from 0 on in the order in which they are first seen, in typed arrays: about 24 bytes an id, so
 * that ten million fit, where as many strings would not.
 *
 * @param expected number of ids to make room for at first; the table grows
 */
export function createIdTable(expected = 1024): IdTable {
  let words = new Uint32Array(0);
  let slots = new Int32Array(0);
  let size = 0;
  const idWords = new Uint32Array(4);

  const grow = (capacity: number): void => {
    const larger = new Uint32Array(capacity * 4);
    larger.set(words);
    words = larger;
    // Twice as many slots as ids keeps the runs of occupied slots short.
    slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2))).fill(-1);
    for (let index = 0; index < size; index += 1) slots[slotOf(index * 4)] = index;
  };
  /** The slot that holds the id, or the empty slot for it. */
  const slotOf = (at: number, source: Uint32Array = words): number => {
    const mask = slots.length - 1;
    // An id is a digest already: its first word is as good as any hash of it.
    for (let slot = source[at]! & mask; ; slot = (slot + 1) & mask) {
      const index = slots[slot]!;
      if (index === -1) return slot;
      if (same(words, index * 4, source, at)) return slot;
    }
  };
  grow(Math.max(16, expected));

  return {
    get size() {
      return size;
    },
    add(id) {
      readId(id, idWords);
      const slot = slotOf(0, idWords);
      if (slots[slot] !== -1) return slots[slot]!;
      words.set(idWords, size * 4);
      slots[slot] = size;
      size += 1;
      if (size * 4 === words.length) grow(size * 2);
      return size - 1;
    },
    find(id) {
      readId(id, idWords);
      return slots[slotOf(0, idWords)]!;
    },
    idAt(index) {
      return [0, 1, 2, 3].map((word) => words[index * 4 + word]!.toString(16).padStart(8, '0')).join('');
    },
  };
}

export interface IdTable {
  readonly size: number;
  /** The id's number, new or not. */
  add(id: string): number;
  /** The id's number, or -1. */
  find(id: string): number;
  /** The id with that number, as 32 hexadecimal digits. */
  idAt(index: number): string;
}

/** A count per number of an id, which grows with the table. */
export function createCounts(): Counts {
  let counts = new Uint16Array(1024);
  return {
    of: (index) => counts[index] ?? 0,
    add(index) {
      if (index >= counts.length) {
        const larger = new Uint16Array(Math.max(index + 1, counts.length * 2));
        larger.set(counts);
        counts = larger;
      }
      if (counts[index]! < 0xffff) counts[index]! += 1;
    },
  };
}

export interface Counts {
  of(index: number): number;
  /** Counts one more, up to 65,535. */
  add(index: number): void;
}

/** 32 hexadecimal digits, in lower case. */
export function isEventId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

function readId(id: string, into: Uint32Array): void {
  if (!isEventId(id)) throw new Error(`"${id}" is no event id`);
  for (let word = 0; word < 4; word += 1) into[word] = Number.parseInt(id.slice(word * 8, word * 8 + 8), 16);
}

function same(left: Uint32Array, leftAt: number, right: Uint32Array, rightAt: number): boolean {
  for (let word = 0; word < 4; word += 1) {
    if (left[leftAt + word] !== right[rightAt + word]) return false;
  }
  return true;
}
