import { eventIdLength } from '../../answers/event-id.ts';
import { rowWords } from '../../answers/member-table.ts';
import { type ByteTarget, headBytes } from './byte-target.ts';
import { type EventMembers, memberStates } from './event-members.ts';
import type { PlannedMember, PlannedObject, PlannedValue } from './shape-plan.ts';
import { fitOf } from './shaped-values.ts';

/** Writes the members of one event: each at its place, or in `unmapped`. */
export class MemberWriter {
  /** Of the last event: its timestamp as a string, with its quotes, in `target`; 0 to 0 where none was written. */
  timeStart = 0;
  timeEnd = 0;
  /** Holds the id of the event at `idAt`. */
  ids: Buffer = Buffer.alloc(0);
  idAt = 0;

  readonly target: ByteTarget;
  readonly members: EventMembers;

  constructor(target: ByteTarget, members: EventMembers) {
    this.target = target;
    this.members = members;
  }

  begin(ids: Buffer, idAt: number): void {
    this.ids = ids;
    this.idAt = idAt;
    this.timeStart = 0;
    this.timeEnd = 0;
  }

  write(member: PlannedMember): boolean {
    return member.kind === 'value' ? this.#value(member) : this.#object(member);
  }

  /** @returns false where nothing of the object is written */
  #object({ opening, closing, isRequired, constants, members, suffices, otherwise }: PlannedObject): boolean {
    const { target } = this;
    const before = target.length;
    target.put(opening);
    const bracketAt = target.length;
    target.put(constants);
    let hasMember = isRequired;
    let isEnough = otherwise.length === 0;
    for (let index = 0; index < members.length; index++)
      if (this.write(members[index]!)) {
        hasMember = true;
        if (suffices[index]) isEnough = true;
      }
    if (!hasMember) {
      target.length = before;
      return false;
    }
    if (!isEnough) target.put(otherwise);
    target.bytes[bracketAt] = openObject;
    target.put(closing);
    return true;
  }

  #value({ opening, slots, takes }: PlannedValue): boolean {
    const { target } = this;
    if (takes === 'id') {
      target.put(opening);
      target.byte(quote);
      target.copy(this.ids, this.idAt, this.idAt + eventIdLength);
      target.byte(quote);
      return true;
    }
    const { slotRows, rows, source } = this.members;
    for (let index = 0; index < slots.length; index++) {
      const row = slotRows[slots[index]!]!;
      if (row < 0) continue;
      const start = rows[row + 2]!;
      const end = rows[row + 3]!;
      const fit = fitOf(takes, source, start, end);
      if (fit === 'no') continue;
      target.reserve(end - start + 2 * headBytes);
      target.put(opening);
      const valueAt = target.length;
      if (fit === 'as-sent') {
        target.copy(source, start, end);
        this.members.setState(row, memberStates.placed);
      } else if (fit === 'rounded') target.digits(Math.round(Number(source.toString('latin1', start, end))));
      else {
        target.byte(quote);
        target.copy(source, start, end);
        target.byte(quote);
      }
      if (takes === 'time') {
        this.timeStart = valueAt;
        this.timeEnd = target.length;
      }
      return true;
    }
    return false;
  }

  /** Writes what has no place, of an unknown activity everything, with its keys as they were sent. */
  unmapped(everything: boolean): void {
    const { target } = this;
    const { first, last } = this.members;
    const before = target.length;
    target.put(unmappedOpening);
    const bracketAt = target.length;
    this.#unmappedMembers(first, last, everything);
    if (target.length === bracketAt) {
      target.length = before;
      return;
    }
    target.bytes[bracketAt] = openObject;
    target.byte(closeObject);
  }

  /** Members that stay side by side are copied in one piece, with what stands between them. */
  #unmappedMembers(first: number, last: number, everything: boolean): void {
    const { rows } = this.members;
    let from = -1;
    let to = 0;
    for (let row = first; row < last; row = rows[row + 4]!) {
      const isWhole = this.#stays(row, everything) && !this.#changes(row, everything);
      if (isWhole) {
        if (from < 0) from = rows[row]! - 1;
        to = rows[row + 3]!;
        continue;
      }
      if (from >= 0) this.#copyMembers(from, to);
      from = -1;
      if (this.#stays(row, everything)) this.#unmappedParams(row, everything);
    }
    if (from >= 0) this.#copyMembers(from, to);
  }

  #stays(row: number, everything: boolean): boolean {
    const state = this.members.stateOf(row);
    return state === memberStates.unmapped || (state === memberStates.placed && everything);
  }

  /** True for additional parameters that cannot be copied as they are. */
  #changes(row: number, everything: boolean): boolean {
    if (!this.members.isParams(row)) return false;
    const { rows } = this.members;
    const last = rows[row + 4]!;
    for (let each = row + rowWords; each < last; each = rows[each + 4]!)
      if (!this.#stays(each, everything)) return true;
    return false;
  }

  #unmappedParams(row: number, everything: boolean): void {
    const { target } = this;
    const { rows } = this.members;
    const before = target.length;
    this.#copyMembers(rows[row]! - 1, rows[row + 2]!);
    const bracketAt = target.length;
    this.#unmappedMembers(row + rowWords, rows[row + 4]!, everything);
    if (target.length === bracketAt) {
      target.length = before;
      return;
    }
    target.bytes[bracketAt] = openObject;
    target.byte(closeObject);
  }

  /** Copies from the beginning of a key, with a comma before it. */
  #copyMembers(start: number, end: number): void {
    this.target.reserve(end - start + headBytes);
    this.target.byte(comma);
    this.target.copy(this.members.source, start, end);
  }
}

const unmappedOpening = Buffer.from(',"unmapped":');
const quote = 0x22;
const comma = 0x2c;
const openObject = 0x7b;
const closeObject = 0x7d;
