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
    const { first, last, rows } = this.members;
    const before = target.length;
    target.put(unmappedOpening);
    const bracketAt = target.length;
    for (let row = first; row < last; row = rows[row + 4]!) this.#unmappedMember(row, everything);
    if (target.length === bracketAt) {
      target.length = before;
      return;
    }
    target.bytes[bracketAt] = openObject;
    target.byte(closeObject);
  }

  #unmappedMember(row: number, everything: boolean): void {
    const { target } = this;
    const { members } = this;
    const { rows } = members;
    const state = members.stateOf(row);
    if (state === memberStates.superseded || (state === memberStates.placed && !everything)) return;
    const below = row + rowWords;
    const last = rows[row + 4]!;
    if (!members.isParams(row) || below === last || !this.#changes(below, last, everything)) {
      this.#copyMember(row, rows[row + 3]!);
      return;
    }
    const before = target.length;
    this.#copyMember(row, rows[row + 2]!);
    const bracketAt = target.length;
    for (let each = below; each < last; each = rows[each + 4]!) this.#unmappedMember(each, everything);
    if (target.length === bracketAt) {
      target.length = before;
      return;
    }
    target.bytes[bracketAt] = openObject;
    target.byte(closeObject);
  }

  /** True where additional parameters cannot be copied as they are. */
  #changes(first: number, last: number, everything: boolean): boolean {
    const { rows } = this.members;
    for (let row = first; row < last; row = rows[row + 4]!) {
      const state = this.members.stateOf(row);
      if (state === memberStates.superseded || (state === memberStates.placed && !everything)) return true;
    }
    return false;
  }

  /** Copies a member from its key to before `end`, with a comma before it. */
  #copyMember(row: number, end: number): void {
    const { source, rows } = this.members;
    const start = rows[row]! - 1;
    this.target.reserve(end - start + headBytes);
    this.target.byte(comma);
    this.target.copy(source, start, end);
  }
}

const unmappedOpening = Buffer.from(',"unmapped":');
const quote = 0x22;
const comma = 0x2c;
const openObject = 0x7b;
const closeObject = 0x7d;
