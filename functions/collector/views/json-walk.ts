import { byteAt, endOfString } from '../answers/json-tokens.ts';

/** Finds its way in JSON that has been checked. Nothing here checks anything. */

export const openObject = 0x7b;
export const closeObject = 0x7d;
export const openArray = 0x5b;
export const closeArray = 0x5d;
export const quote = 0x22;
export const comma = 0x2c;

/** The offset of the next byte that is no white space. */
export function afterSpace(source: Uint8Array, from: number): number {
  let at = from;
  while (byteAt(source, at) <= 0x20 && at < source.length) at += 1;
  return at;
}

/** The offset after a value that begins at `from`. */
export function endOfValue(source: Uint8Array, from: number): number {
  const first = byteAt(source, from);
  if (first === quote) return endOfString(source, from + 1);
  if (first === openObject || first === openArray) return endOfBrackets(source, from);
  let at = from + 1;
  while (at < source.length && !endsScalar(source[at]!)) at += 1;
  return at;
}

function endOfBrackets(source: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const byte = source[at]!;
    at += 1;
    if (byte === quote) at = endOfString(source, at);
    // The bits in which brackets and braces differ are left out.
    else if ((byte | 0x20) === openObject) depth += 1;
    else if ((byte | 0x20) === closeObject) depth -= 1;
  } while (depth > 0);
  return at;
}

function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === comma || byte === closeObject || byte === closeArray;
}
