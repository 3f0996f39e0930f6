import type { CompiledShape, ShapedMember } from '../../../stored/compiled-shape.ts';
import { endOfString } from '../../answers/json-tokens.ts';
import { escapedKey } from '../../answers/member-table.ts';
import { decodedText } from '../decoded-text.ts';

/** The members of events that a shape reads, each with a number, its slot. */
export interface MemberSlots {
  readonly count: number;
  readonly top: KeyTable;
  /** Of the additional parameters. */
  readonly params: KeyTable;
  /** @param member such as `ip` or `additionalParams.email` */
  slotOf(member: string): number;
}

/** What `KeyTable.find` says of the key of the additional parameters, in either spelling. */
export const paramsSlot = -2;
export const noSlot = -1;

export function memberSlots({ classes, kinds }: CompiledShape): MemberSlots {
  const members = new Set(kinds.flatMap(({ when }) => when?.member ?? []));
  for (const each of Object.values(classes)) addMembers(each, members);
  members.add('activity').add('timestamp');
  const slots = new Map([...members].map((member, slot) => [member, slot]));
  const top = new Map<string, number>([
    ['additionalParams', paramsSlot],
    ['additional_params', paramsSlot],
  ]);
  const params = new Map<string, number>();
  for (const [member, slot] of slots)
    if (member.startsWith(paramsPrefix)) params.set(member.slice(paramsPrefix.length), slot);
    else top.set(member, slot);
  return {
    count: slots.size,
    top: new KeyTable(top),
    params: new KeyTable(params),
    slotOf: (member) => slots.get(member) ?? noSlot,
  };
}

const paramsPrefix = 'additionalParams.';

function addMembers(members: readonly ShapedMember[], found: Set<string>): void {
  for (const each of members)
    if ('members' in each) addMembers(each.members, found);
    else for (const member of each.from) found.add(member);
}

/** Finds slots by the bytes of keys. */
export class KeyTable {
  readonly #slots: ReadonlyMap<string, number>;
  /** By the key's length in bytes. */
  readonly #byLength: { readonly bytes: Buffer; readonly slot: number }[][] = [];

  constructor(slots: ReadonlyMap<string, number>) {
    this.#slots = slots;
    for (const [name, slot] of slots) {
      const bytes = Buffer.from(name);
      while (this.#byLength.length <= bytes.length) this.#byLength.push([]);
      this.#byLength[bytes.length]!.push({ bytes, slot });
    }
  }

  /**
   * @param start the offset after the key's opening quote
   * @param end the offset of its closing quote; `escapedKey` where the key has an escape
   */
  find(source: Buffer, start: number, end: number): number {
    if (end === escapedKey)
      return this.#slots.get(decodedText(source, start, endOfString(source, start) - 1)) ?? noSlot;
    const length = end - start;
    if (length >= this.#byLength.length) return noSlot;
    const known = this.#byLength[length]!;
    for (let index = 0; index < known.length; index++) {
      const { bytes, slot } = known[index]!;
      if (isAt(source, start, bytes)) return slot;
    }
    return noSlot;
  }
}

function isAt(source: Buffer, start: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) if (source[start + index] !== bytes[index]) return false;
  return true;
}
