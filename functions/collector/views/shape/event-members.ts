import { endOfString } from '../../answers/json-tokens.ts';
import { escapedKey, rowWords } from '../../answers/member-table.ts';
import { decodedText } from '../decoded-text.ts';
import { type KeyTable, type MemberSlots, noSlot, paramsSlot } from './member-slots.ts';

/** What becomes of a member: it stays in `unmapped`; it has a place; a later one of its name counts. */
export const memberStates = { unmapped: 0, placed: 1, superseded: 2 } as const;

/** Finds the members of one event that a shape reads. Of members with one name in one object, the last counts. */
export class EventMembers {
  source: Buffer = Buffer.alloc(0);
  rows: Uint32Array = new Uint32Array();
  first = 0;
  last = 0;
  /** True where two members of the event, or of its additional parameters, have one name. */
  hasDuplicates = false;
  /** By slot: the row of the member, or -1. */
  readonly slotRows: Int32Array;

  readonly #slots: MemberSlots;
  /** By the row, counted from the event's first. */
  #states: Uint8Array = new Uint8Array(4096);
  readonly #containers: number[] = [];
  /** By a hash of keys: the object in which it was last met. */
  readonly #generations = new Uint32Array(hashes);
  #generation = 0;

  constructor(slots: MemberSlots) {
    this.#slots = slots;
    this.slotRows = new Int32Array(slots.count);
  }

  /** Reads the event whose members have the rows from `first` to before `last`. */
  read(source: Buffer, rows: Uint32Array, first: number, last: number): void {
    this.source = source;
    this.rows = rows;
    this.first = first;
    this.last = last;
    this.hasDuplicates = false;
    this.slotRows.fill(noSlot);
    const words = last - first;
    if (words > this.#states.length) this.#states = new Uint8Array(words * 2);
    else this.#states.fill(memberStates.unmapped, 0, words);
    this.#containers.length = 0;
    this.#readObject(first, last, this.#slots.top);
    for (const row of this.#containers)
      if (this.stateOf(row) !== memberStates.superseded)
        this.#readObject(row + rowWords, rows[row + 4]!, this.#slots.params);
  }

  stateOf(row: number): number {
    return this.#states[row - this.first]!;
  }

  setState(row: number, state: number): void {
    this.#states[row - this.first] = state;
  }

  /** True for additional parameters that are an object. */
  isParams(row: number): boolean {
    return this.#containers.includes(row);
  }

  #readObject(first: number, last: number, table: KeyTable): void {
    const { rows, source } = this;
    this.#generation += 1;
    for (let row = first; row < last; row = rows[row + 4]!) {
      const keyStart = rows[row]!;
      const keyEnd = rows[row + 1]!;
      const slot = table.find(source, keyStart, keyEnd);
      if (slot >= 0) {
        if (this.slotRows[slot]! >= first) this.#supersede(first, row);
        this.slotRows[slot] = row;
        continue;
      }
      if (slot === paramsSlot && source[rows[row + 2]!] === openObject) this.#containers.push(row);
      const hash = keyEnd === escapedKey ? this.#hashOfName(row) : hashOf(source, keyStart, keyEnd);
      if (this.#generations[hash] === this.#generation) this.#supersede(first, row);
      this.#generations[hash] = this.#generation;
    }
  }

  /** Marks those of the members before `row` that have its name. */
  #supersede(first: number, row: number): void {
    const { rows } = this;
    for (let other = first; other < row; other = rows[other + 4]!) {
      if (!this.#haveOneName(other, row)) continue;
      this.setState(other, memberStates.superseded);
      this.hasDuplicates = true;
    }
  }

  #haveOneName(one: number, other: number): boolean {
    const { rows, source } = this;
    if (rows[one + 1] === escapedKey || rows[other + 1] === escapedKey)
      return this.#nameOf(one) === this.#nameOf(other);
    const [start, otherStart] = [rows[one]!, rows[other]!];
    const length = rows[one + 1]! - start;
    if (length !== rows[other + 1]! - otherStart) return false;
    for (let index = 0; index < length; index++)
      if (source[start + index] !== source[otherStart + index]) return false;
    return true;
  }

  /** Of a key with an escape, the hash that the same name has without one. */
  #hashOfName(row: number): number {
    const name = Buffer.from(this.#nameOf(row));
    return hashOf(name, 0, name.length);
  }

  #nameOf(row: number): string {
    const start = this.rows[row]!;
    return decodedText(this.source, start, endOfString(this.source, start) - 1);
  }
}

const openObject = 0x7b;
/** A power of two. */
const hashes = 1024;

function hashOf(source: Buffer, start: number, end: number): number {
  let sum = end - start;
  for (let at = start; at < end; at++) sum = (Math.imul(sum, 31) + source[at]!) | 0;
  return (sum ^ (sum >>> 10) ^ (sum >>> 20)) & (hashes - 1);
}
