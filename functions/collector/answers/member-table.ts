import type { MemberRows } from '../protocol/ports/answers.ts';

/**
 * Notes where the members of events lie, as the cutter passes them, so that a view need not look for them again.
 *
 * Elements of arrays are members without a key. Only members down to `depth` steps below an event are noted, and
 * only so many in all: what an answer of very many short members costs is bounded by that.
 */
export class MemberTable implements MemberRows {
  readonly depth: number;
  rows: Uint32Array;
  firsts: Uint32Array = new Uint32Array(1025);
  /** Events whose members are all noted. */
  events = 0;
  #used = 0;
  readonly #most: number;
  /** The row of the member that is being read at each depth. */
  readonly #open: Uint32Array;

  /** @param bytes of the answer */
  constructor(bytes: number, depth: number, mostRows = mostRowsOfAnswer) {
    this.depth = depth;
    this.#open = new Uint32Array(depth + 1);
    this.#most = mostRows * rowWords;
    this.rows = new Uint32Array(Math.min(this.#most, Math.ceil(bytes / usualBytes) * rowWords));
  }

  /** Begins the event of this index. Events come one after the other. */
  beginEvent(index: number): void {
    this.events = index;
    if (index + 1 >= this.firsts.length) this.firsts = longer(this.firsts, this.firsts.length * 2);
    this.firsts[index] = this.#used;
  }

  /**
   * Begins a member or an element.
   * @param depth of its key below the event, 1 for the event's own
   * @param keyStart the offset after the opening quote; 0 for an element
   * @param keyEnd the offset of the closing quote, or `escapedKey`
   * @returns false where there is no more room; nothing more may be noted then
   */
  begin(depth: number, keyStart: number, keyEnd: number, valueStart: number): boolean {
    const row = this.#used;
    if (row === this.rows.length) {
      if (row >= this.#most) return false;
      this.rows = longer(this.rows, Math.min(this.#most, row * 2));
    }
    const { rows } = this;
    rows[row] = keyStart;
    rows[row + 1] = keyEnd;
    rows[row + 2] = valueStart;
    this.#open[depth] = row;
    this.#used = row + rowWords;
    return true;
  }

  /** Ends what was last begun at this depth. */
  end(depth: number, valueEnd: number): void {
    const row = this.#open[depth]!;
    this.rows[row + 3] = valueEnd;
    this.rows[row + 4] = this.#used;
  }

  /** Ends the last event. */
  endEvents(count: number): void {
    this.events = count;
    this.firsts[count] = this.#used;
  }
}

/** Stands for the end of a key that has an escape, and so has to be decoded. */
export const escapedKey = 0;
/** Numbers of a row. */
export const rowWords = 5;
/** A member of Mosaic's events has some 50 bytes; with fewer, the table grows. */
const usualBytes = 32;
/** 2.6 MB. Mosaic's events of 1.5 KB have 30 members, so full answers of events with 130 are noted whole. */
const mostRowsOfAnswer = 131_072;

function longer(words: Uint32Array, length: number): Uint32Array {
  const made = new Uint32Array(length);
  made.set(words);
  return made;
}
