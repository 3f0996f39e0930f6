import { endOfString } from '../../functions/collector/answers/json-tokens.ts';

/** Finds its way in JSON that has been checked. Nothing here checks anything. */

const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const quote = 0x22;
const comma = 0x2c;

/** The offset of the next byte that is no white space. */
export function afterSpace(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length && source[at]! <= 0x20) at += 1;
  return at;
}

/** The offset after a value that begins at `from`. */
export function endOfValue(source: Uint8Array, from: number): number {
  const first = source[from]!;
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
