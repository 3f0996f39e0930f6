import { eventIdLength } from '../answers/event-id.ts';

/** The states of an event that a witness read. A greater mark replaces a smaller one. */
export const marks = { missing: 0, recovered: 1, present: 2 } as const;
export type Mark = (typeof marks)[keyof typeof marks];

/**
 * A set of the first 64 bits of event ids, each with its mark.
 *
 * The set is one typed array with open addressing, two words a slot: a million events take 18 MB, where a `Set` of
 * texts takes more than 100. Of a million events against 24 million, two that differ share their 64 bits once in
 * about 770,000 hours.
 */
export interface Fingerprints {
  /** The number of distinct events. */
  readonly size: number;
  /** The number of events that are marked neither present nor recovered. */
  readonly missing: number;
  readonly recovered: number;
  /**
   * The digest depends on the set of missing events, not on their order.
   * @returns 16 hexadecimal digits
   */
  missingDigest(): string;
  /** @param ids as `eventIds` makes them */
  add(ids: Uint8Array, index: number): void;
  /** Undefined for an event that was never added. */
  markOf(ids: Uint8Array, index: number): Mark | undefined;
  /** Ignores an event that was never added. */
  mark(ids: Uint8Array, index: number, mark: Mark): void;
}

/**
 * Creates an empty set.
 *
 * @param expected number of events that the set has room for at first; it grows
 */
export function createFingerprints(expected = 1024): Fingerprints {
  let capacity = 2 ** Math.ceil(Math.log2(Math.max(16, expected / fullest)));
  // High word, low word; both 0 where a slot is free.
  let words = new Uint32Array(capacity * 2);
  let known = new Uint8Array(capacity);
  let size = 0;
  const counts = [0, 0, 0];

  /** The slot that holds the two words, or the free slot for them. */
  const slotOf = (high: number, low: number): number => {
    const mask = capacity - 1;
    let slot = low & mask;
    while (words[2 * slot] !== high || words[2 * slot + 1] !== low) {
      if (words[2 * slot] === 0 && words[2 * slot + 1] === 0) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  };
  const isFree = (slot: number): boolean => words[2 * slot] === 0 && words[2 * slot + 1] === 0;

  const grow = (): void => {
    const [oldWords, oldKnown] = [words, known];
    capacity *= 2;
    words = new Uint32Array(capacity * 2);
    known = new Uint8Array(capacity);
    for (let old = 0; old < oldKnown.length; old++) {
      const [high, low] = [oldWords[2 * old]!, oldWords[2 * old + 1]!];
      if (high === 0 && low === 0) continue;
      const slot = slotOf(high, low);
      words[2 * slot] = high;
      words[2 * slot + 1] = low;
      known[slot] = oldKnown[old]!;
    }
  };

  return {
    get size() {
      return size;
    },
    get missing() {
      return counts[marks.missing]!;
    },
    get recovered() {
      return counts[marks.recovered]!;
    },
    missingDigest() {
      let high = 0;
      let low = 0;
      for (let slot = 0; slot < capacity; slot++) {
        if (isFree(slot) || known[slot] !== marks.missing) continue;
        high ^= words[2 * slot]!;
        low ^= words[2 * slot + 1]!;
      }
      return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
    },
    add(ids, index) {
      if (size >= capacity * fullest) grow();
      const [high, low] = [highWord(ids, index), lowWord(ids, index)];
      const slot = slotOf(high, low);
      if (!isFree(slot)) return;
      words[2 * slot] = high;
      words[2 * slot + 1] = low;
      size += 1;
      counts[marks.missing]! += 1;
    },
    markOf(ids, index) {
      const slot = slotOf(highWord(ids, index), lowWord(ids, index));
      return isFree(slot) ? undefined : (known[slot] as Mark);
    },
    mark(ids, index, mark) {
      const slot = slotOf(highWord(ids, index), lowWord(ids, index));
      if (isFree(slot) || known[slot]! >= mark) return;
      counts[known[slot]!]! -= 1;
      counts[mark]! += 1;
      known[slot] = mark;
    },
  };
}

/** The share of the slots that may be taken: above it, probing gets slow. */
const fullest = 0.6;

function highWord(ids: Uint8Array, index: number): number {
  return wordAt(ids, index * eventIdLength);
}

/** Never 0, which with a high word of 0 would look like a free slot. */
function lowWord(ids: Uint8Array, index: number): number {
  return wordAt(ids, index * eventIdLength + 8) || 1;
}

/** The word that eight hexadecimal digits spell. */
function wordAt(ids: Uint8Array, at: number): number {
  let word = 0;
  for (let place = at; place < at + 8; place++) {
    const digit = ids[place]!;
    word = (word << 4) | (digit <= nine ? digit - zero : digit - letterA + 10);
  }
  return word >>> 0;
}

const [zero, nine, letterA] = [0x30, 0x39, 0x61];
