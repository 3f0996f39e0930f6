import { byteAt, endOfString } from '../functions/collector/answers/json-tokens.ts';
import { decodedText } from '../functions/collector/views/decoded-text.ts';

/**
 * Goes through the members of an object, or the elements of an array, that begins at `open` in JSON that has been
 * checked.
 *
 * @param visit takes the decoded key of a member, or undefined for an element, and the offset of the value; gives the
 * offset after the value
 * @returns the offset after the object or array
 */
export function eachItem(
  source: Uint8Array,
  open: number,
  visit: (key: string | undefined, valueAt: number) => number,
): number {
  const isObject = isObjectAt(source, open);
  const close = isObject ? closeObject : closeArray;
  let at = afterSpace(source, open + 1);
  while (source[at] !== close) {
    let key: string | undefined;
    if (isObject) {
      const keyEnd = endOfString(source, at + 1);
      key = decodedText(source, at + 1, keyEnd - 1);
      at = afterSpace(source, afterSpace(source, keyEnd) + 1);
    }
    at = afterSpace(source, visit(key, at));
    if (source[at] === comma) at = afterSpace(source, at + 1);
  }
  return at + 1;
}

export function isObjectAt(source: Uint8Array, at: number): boolean {
  return source[at] === openObject;
}

/** True where an object or array begins. */
export function opensAt(source: Uint8Array, at: number): boolean {
  return isObjectAt(source, at) || source[at] === openArray;
}

export function isTextAt(source: Uint8Array, at: number): boolean {
  return source[at] === quote;
}

/** The offset after the value that begins at `from`. */
export function endOfValue(source: Uint8Array, from: number): number {
  if (isTextAt(source, from)) return endOfString(source, from + 1);
  if (opensAt(source, from)) return endOfBrackets(source, from);
  let at = from + 1;
  while (at < source.length && !endsScalar(source[at]!)) at += 1;
  return at;
}

const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const quote = 0x22;
const comma = 0x2c;

function endOfBrackets(source: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  do {
    if (isTextAt(source, at)) at = endOfString(source, at + 1);
    else {
      if (opensAt(source, at)) depth += 1;
      else if (source[at] === closeObject || source[at] === closeArray) depth -= 1;
      at += 1;
    }
  } while (depth > 0);
  return at;
}

function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === comma || byte === closeObject || byte === closeArray;
}

/** The offset of the next byte that is no white space. */
export function afterSpace(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length && byteAt(source, at) <= 0x20) at += 1;
  return at;
}
