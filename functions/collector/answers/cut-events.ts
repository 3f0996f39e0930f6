import { isUtf8 } from 'node:buffer';
import type { Cut } from '../protocol/ports/answers.ts';
import { EventTable, mostEvents } from './event-table.ts';
import {
  byteAt,
  endOfLiteral,
  endOfNumber,
  endOfPlainString,
  endOfString,
  firstInvalidUtf8,
} from './json-tokens.ts';
import { escapedKey, MemberTable } from './member-table.ts';
import { escapedMember, notedMembers, plainMember } from './noted-member.ts';

/**
 * Cuts an answer in one pass. It accepts exactly what is valid UTF-8 and, after an optional byte order mark,
 * valid JSON by RFC 8259 with an array at the top, at any depth of nesting, of `mostEvents` at most.
 *
 * Events are never parsed: numbers, key order, duplicate keys and unicode stay as sent, and Node 24's
 * `JSON.parse` mixes up some escaped keys.
 *
 * @param noting absent where nobody needs to know where members lie
 * @see https://www.rfc-editor.org/rfc/rfc8259
 * @see https://github.com/nodejs/node/issues/63785
 */
export function cutEvents(source: Uint8Array, noting?: Noting): Cut | DamagedAnswer {
  if (!isUtf8(source)) return refused(firstInvalidUtf8(source), 'valid UTF-8');
  const first = afterSpace(source, startsWithByteOrderMark(source) ? 3 : 0);
  if (byteAt(source, first) === openArray) return cutArray(source, first, noting);
  const beginsOtherwise = '{"-0123456789tfn'.includes(String.fromCharCode(byteAt(source, first)));
  return { ...refused(first, 'an array'), damaged: beginsOtherwise ? 'not-an-array' : 'invalid-json' };
}

/** Which members of events the cutter notes. */
export interface Noting {
  /** Steps below an event; 0 for none. */
  readonly depth: number;
  /** Most members; absent for the usual bound. */
  readonly mostRows?: number;
}

export const eventFlags = { object: 1, empty: 2, ownRelayMember: 4 } as const;

export interface DamagedAnswer {
  readonly damaged: 'not-an-array' | 'invalid-json' | 'above-event-cap';
  /** The byte offset of the first problem. */
  readonly at: number;
  /** The token that was expected there; never a part of the answer. */
  readonly message: string;
}

const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;

/** The kinds of token that may come next. */
const expecting = { value: 0, valueOrEnd: 1, key: 2, keyOrEnd: 3, commaOrEnd: 4 } as const;
const expectations = ['a value', 'a value or ]', 'a key', 'a key or }', 'a comma or the end'];

/**
 * Cuts in one loop. Open brackets stand on a stack of our own, so that a level of nesting costs a byte and not a
 * call.
 */
function cutArray(source: Uint8Array, first: number, noting: Noting = { depth: 0 }): Cut | DamagedAnswer {
  const end = source.length;
  const table = new EventTable();
  const members = noting.depth > 0 ? new MemberTable(end, noting.depth, noting.mostRows) : undefined;
  /** The deepest brackets whose members are noted; an event's own are at 2. */
  let noteTo = members === undefined ? 0 : noting.depth + 1;
  let { starts, flags, capacity } = table;
  let count = 0;
  let objects = new Uint8Array(64);
  let depth = 1;
  let inObject = false;
  let expected: number = expecting.valueOrEnd;
  let member: number = notedMembers.none;
  let memberAt = 0;
  let keyAt = 0;
  let keyEnd = 0;
  let lineBreaks = false;
  let at = first + 1;

  for (;;) {
    let byte = byteAt(source, at);
    while (byte <= 0x20) {
      if (byte === 0x0a || byte === 0x0d) lineBreaks = true;
      else if (byte !== 0x20 && byte !== 0x09) return refused(at, expectations[expected]!);
      at += 1;
      byte = byteAt(source, at);
    }

    // Where no space stands between them, a comma, a key and its value are taken in one turn.
    if (expected === expecting.commaOrEnd && byte === comma) {
      expected = inObject ? expecting.key : expecting.value;
      at += 1;
      byte = byteAt(source, at);
      if (byte <= 0x20) continue;
    }

    if (expected === expecting.key || (expected === expecting.keyOrEnd && byte !== closeObject)) {
      if (byte !== quote) return refused(at, expectations[expected]!);
      keyAt = at + 1;
      at = endOfPlainString(source, keyAt);
      keyEnd = at - 1;
      if (at === -1) {
        at = endOfString(source, keyAt);
        if (at === -1) return refused(keyAt, 'a string');
        keyEnd = escapedKey;
      }
      if (depth === 2) {
        member =
          keyEnd === escapedKey ? escapedMember(source, keyAt, at - 1) : plainMember(source, keyAt, keyEnd);
        if (member === notedMembers.relay) flags[count]! |= eventFlags.ownRelayMember;
      }
      for (let space = byteAt(source, at); space !== colon; space = byteAt(source, at)) {
        if (space === 0x0a || space === 0x0d) lineBreaks = true;
        else if (space !== 0x20 && space !== 0x09) return refused(at, 'a colon');
        at += 1;
      }
      at += 1;
      expected = expecting.value;
      byte = byteAt(source, at);
      if (byte <= 0x20) continue;
    }

    if (expected === expecting.value || (expected === expecting.valueOrEnd && byte !== closeArray)) {
      const valueAt = at;
      if (depth === 1) {
        if (count === capacity) {
          if (count >= mostEvents) return aboveEventCap(at);
          table.grow();
          ({ starts, flags, capacity } = table);
        }
        starts[count] = at;
        flags[count] = byte === openObject ? eventFlags.object : 0;
        if (noteTo > 0) members!.beginEvent(count);
      } else {
        if (depth === 2) memberAt = at;
        if (depth <= noteTo && !members!.begin(depth - 1, inObject ? keyAt : 0, keyEnd, at)) noteTo = 0;
      }
      if (byte === quote) {
        at = endOfString(source, at + 1);
        if (at === -1) return refused(valueAt, 'a string');
      } else if (byte === openObject || byte === openArray) {
        inObject = byte === openObject;
        expected = inObject ? expecting.keyOrEnd : expecting.valueOrEnd;
        if (depth === objects.length) objects = twiceAsLong(objects);
        objects[depth] = inObject ? 1 : 0;
        depth += 1;
        at += 1;
        continue;
      } else {
        at = byte >= 0x61 ? endOfLiteral(source, at) : endOfNumber(source, at);
        if (at === -1) return refused(valueAt, 'a value');
      }
    } else {
      if (byte !== (inObject ? closeObject : closeArray)) return refused(at, expectations[expected]!);
      at += 1;
      depth -= 1;
      if (depth === 0) break;
      inObject = objects[depth - 1] === 1;
      if (depth === 1 && expected === expecting.keyOrEnd) flags[count]! |= eventFlags.empty;
    }

    // A value is complete.
    expected = expecting.commaOrEnd;
    if (depth === 1) {
      table.ends[count] = at;
      count += 1;
    } else {
      if (depth <= noteTo) members!.end(depth - 1, at);
      if (depth === 2 && member !== notedMembers.none) {
        table.noteMember(count, member, memberAt, at);
        member = notedMembers.none;
      }
    }
  }
  if (noteTo > 0) members!.endEvents(count);
  const rest = afterSpace(source, at);
  if (rest < end) return refused(rest, 'nothing more');
  const cut = cutOf(source, table, { count, lineBreaks });
  return members === undefined ? cut : { ...cut, members };
}

function cutOf(
  source: Uint8Array,
  table: EventTable,
  { count, lineBreaks }: { readonly count: number; readonly lineBreaks: boolean },
): Cut {
  return {
    source,
    singleLine: lineBreaks ? withoutLineBreaks(source) : source,
    count,
    starts: table.starts.subarray(0, count),
    ends: table.ends.subarray(0, count),
    flags: table.flags.subarray(0, count),
    timestamps: table.timestamps(count),
    activities: table.activities(count),
  };
}

function withoutLineBreaks(source: Uint8Array): Uint8Array {
  return source.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte));
}

function startsWithByteOrderMark(source: Uint8Array): boolean {
  return byteAt(source, 0) === 0xef && byteAt(source, 1) === 0xbb && byteAt(source, 2) === 0xbf;
}

function afterSpace(source: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(byteAt(source, at))) at += 1;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function twiceAsLong(stack: Uint8Array): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(stack.length * 2);
  longer.set(stack);
  return longer;
}

function aboveEventCap(at: number): DamagedAnswer {
  return { damaged: 'above-event-cap', at, message: `more than ${mostEvents} events at byte ${at}` };
}

function refused(at: number, expected: string): DamagedAnswer {
  return { damaged: 'invalid-json', at, message: `expected ${expected} at byte ${at}` };
}
