/**
 * Checks JSON's tokens on bytes. Each function takes the offset at which a token goes on, and gives the offset
 * after the token, or -1 where the token is not valid JSON.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */

/** The meaning of each byte inside a string: 0 plain, 1 the closing quote, 2 a backslash, 3 forbidden by JSON. */
const stringBytes = new Uint8Array(256);
stringBytes.fill(3, 0, 0x20);
stringBytes[0x22] = 1;
stringBytes[0x5c] = 2;

const escapable = new Uint8Array(256);
for (const character of '"\\/bfnrt') escapable[character.charCodeAt(0)] = 1;

const hexDigits = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') hexDigits[character.charCodeAt(0)] = 1;

/** `from` is the offset after the opening quote; the result is the offset after the closing one. */
export function endOfString(source: Uint8Array, from: number): number {
  const end = source.length;
  let at = from;
  for (;;) {
    at = afterPlainBytes(source, at);
    if (at === end) return -1;
    const kind = stringBytes[source[at]!];
    at += 1;
    if (kind === 1) return at;
    if (kind === 3) return -1;
    at = afterEscape(source, at);
    if (at === -1) return -1;
  }
}

/** The same for a string without escapes; -1 where it has one, or is not valid. */
export function endOfPlainString(source: Uint8Array, from: number): number {
  const at = afterPlainBytes(source, from);
  return at < source.length && source[at] === 0x22 ? at + 1 : -1;
}

/**
 * Skips plain bytes, four a turn. Most of an answer is the inside of strings, and this saves a third of the
 * cutting.
 */
function afterPlainBytes(source: Uint8Array, from: number): number {
  const end = source.length;
  const last = end - 4;
  let at = from;
  while (at <= last) {
    if (stringBytes[source[at]!] !== 0) return at;
    if (stringBytes[source[at + 1]!] !== 0) return at + 1;
    if (stringBytes[source[at + 2]!] !== 0) return at + 2;
    if (stringBytes[source[at + 3]!] !== 0) return at + 3;
    at += 4;
  }
  while (at < end && stringBytes[source[at]!] === 0) at += 1;
  return at;
}

/** `from` is the offset after the backslash. */
function afterEscape(source: Uint8Array, from: number): number {
  const end = source.length;
  if (from >= end) return -1;
  if (source[from] !== 0x75 /* u */) return escapable[source[from]!] === 1 ? from + 1 : -1;
  if (from + 5 > end) return -1;
  for (let digit = 1; digit <= 4; digit++) if (hexDigits[source[from + digit]!] === 0) return -1;
  return from + 5;
}

/** `from` is the offset of the minus or of the first digit. */
export function endOfNumber(source: Uint8Array, from: number): number {
  let at = byteAt(source, from) === 0x2d /* - */ ? from + 1 : from;
  at = byteAt(source, at) === 0x30 /* 0 */ ? at + 1 : afterDigits(source, at);
  if (at === -1) return -1;
  if (byteAt(source, at) === 0x2e /* . */) {
    at = afterDigits(source, at + 1);
    if (at === -1) return -1;
  }
  if ((byteAt(source, at) | 0x20) !== 0x65 /* e or E */) return at;
  const sign = byteAt(source, at + 1);
  return afterDigits(source, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
}

/** The offset after the digits; -1 where there is none. */
function afterDigits(source: Uint8Array, from: number): number {
  const end = source.length;
  let at = from;
  while (at < end && source[at]! >= 0x30 && source[at]! <= 0x39) at += 1;
  return at === from ? -1 : at;
}

/**
 * The byte at an offset; past the end 0, which JSON allows nowhere. A single index out of bounds would make V8's
 * code for a typed array several times slower for the rest of the process.
 */
export function byteAt(source: Uint8Array, at: number): number {
  return at < source.length ? source[at]! : 0;
}

const literals = ['true', 'false', 'null'].map((text) => Buffer.from(text));

export function endOfLiteral(source: Uint8Array, from: number): number {
  for (const literal of literals) {
    let length = 0;
    while (length < literal.length && byteAt(source, from + length) === literal[length]) length += 1;
    if (length === literal.length) return from + length;
  }
  return -1;
}

/** The offset of the first broken character of a source that is no valid UTF-8, or an offset inside it. */
export function firstInvalidUtf8(source: Uint8Array): number {
  const repaired = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(source));
  let at = 0;
  while (at < source.length && source[at] === repaired[at]) at += 1;
  return at;
}
