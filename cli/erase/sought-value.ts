import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { decodedText } from '../../functions/collector/views/decoded-text.ts';
import { canonicalMember, pathOf } from '../../functions/stored/compiled-view.ts';
import { afterSpace, endOfValue } from '../json-items.ts';

/** A value in some members of events, as rules of views meet them. */
export interface SoughtValue {
  /** False where no event in the bytes can hold the value, so that nothing of them has to be looked at. */
  mayBeIn(bytes: Uint8Array): boolean;
  /** True if an event holds the value, by decoded keys and values. Bytes that are no JSON hold the value if they hold its text. */
  isIn(event: Uint8Array): boolean;
  /** True if bytes that are no event hold the value at all, as text or as any value of JSON. */
  isAnywhereIn(bytes: Uint8Array): boolean;
}

/**
 * @param members paths such as `user_id` or `additionalParams.email`, in which `*` is any member, or any element of an
 * array; a path of `*` alone is any member at any depth, and any member's name
 * @param values of which each is sought, as a string, or as a number with that spelling
 */
export function seekValue(members: readonly string[], values: readonly string[]): SoughtValue {
  const texts = values.map((value) => Buffer.from(value));
  const sought = new Set(values);
  const isAnywhere = members.includes('*');
  const paths = members.map(pathOf);
  const hasText = (bytes: Uint8Array): boolean => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (texts.some((text) => buffer.includes(text))) return true;
    if (!buffer.includes(backslash)) return false;
    const spelled = withoutEscapes(buffer.toString());
    return values.some((value) => spelled.includes(value));
  };
  const mayBeIn = (bytes: Uint8Array): boolean => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // A value with an escape may be spelled in other ways.
    return buffer.includes(backslash) || texts.some((text) => buffer.includes(text));
  };
  const isInMembers = (event: Uint8Array, everywhere: boolean): boolean => {
    if (!mayBeIn(event)) return false;
    const cut = cutEvents(Buffer.concat([openArray, event, closeArray]));
    if ('damaged' in cut) return hasText(event);
    const walk = createWalk(cut.source, sought);
    const place = { paths, depth: 0, isAnywhere: everywhere };
    for (let index = 0; index < cut.count; index++) if (walk.finds(cut.starts[index]!, place)) return true;
    return walk.isTooDeep() && hasText(event);
  };
  return {
    mayBeIn,
    isIn: (event) => isInMembers(event, isAnywhere),
    isAnywhereIn: (bytes) => hasText(bytes) || isInMembers(bytes, true),
  };
}

/** Decodes every escape of a text that is no JSON as a whole: where its strings begin and end is not known. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, code: string, letter: string) =>
    code === undefined ? (control[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const control: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const backslash = 0x5c;
const openArray = Buffer.from('[');
const closeArray = Buffer.from(']');

/** A place in an event: the paths that lead there or on from there. */
interface Place {
  readonly paths: readonly (readonly string[])[];
  /** Steps from the event to here. */
  readonly depth: number;
  readonly isAnywhere: boolean;
}

function createWalk(source: Uint8Array, sought: ReadonlySet<string>) {
  const isSought = (at: number): boolean => {
    const first = source[at]!;
    if (first === quote) return sought.has(decodedText(source, at + 1, endOfValue(source, at) - 1));
    if (first !== minus && (first < zero || first > nine)) return false;
    return sought.has(Buffer.from(source.subarray(at, endOfValue(source, at))).toString());
  };
  let tooDeep = false;
  const finds = (at: number, { paths, depth, isAnywhere }: Place): boolean => {
    if (depth > deepest) {
      tooDeep = true;
      return false;
    }
    if ((isAnywhere || paths.some(({ length }) => length === depth)) && isSought(at)) return true;
    const opening = source[at];
    if (opening !== openBrace && opening !== openBracket) return false;
    const close = opening === openBrace ? closeBrace : closeBracket;
    for (let next = afterSpace(source, at + 1); source[next] !== close; ) {
      let key: string | undefined;
      if (opening === openBrace) {
        const keyEnd = endOfValue(source, next);
        key = decodedText(source, next + 1, keyEnd - 1);
        // A value may itself name a member, as an address does in a list by address.
        if (isAnywhere && sought.has(key)) return true;
        if (depth === 0) key = canonicalMember(key);
        next = afterSpace(source, afterSpace(source, keyEnd) + 1);
      }
      const on = paths.filter((path) => path[depth] === '*' || (key !== undefined && path[depth] === key));
      if ((isAnywhere || on.length > 0) && finds(next, { paths: on, depth: depth + 1, isAnywhere }))
        return true;
      next = afterSpace(source, endOfValue(source, next));
      if (source[next] === comma) next = afterSpace(source, next + 1);
    }
    return false;
  };
  return { finds, isTooDeep: () => tooDeep };
}

/** No event of Mosaic's is nearly as deep. In deeper ones the text of the value counts, wherever it stands. */
const deepest = 500;

const [quote, comma, minus, zero, nine] = Buffer.from('",-09') as unknown as [
  number,
  number,
  number,
  number,
  number,
];
const [openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('{}[]') as unknown as [
  number,
  number,
  number,
  number,
];
