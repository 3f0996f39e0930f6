import { cutEvents } from './cut-events.ts';
import { endOfString } from './json-tokens.ts';

/**
 * True if the bytes after an array's last whole element can go on to be JSON, so that only their end is missing.
 * False if a byte among them is wrong: events may then stand behind the damage.
 *
 * JSON allows few endings of a token that was cut, and each is tried.
 */
export function isCutShort(rest: Uint8Array): boolean {
  const text = withoutPartOfCharacter(rest);
  const { open, inString } = whatIsOpen(text);
  if (text.length < rest.length && !inString) return false;
  // The array itself may be complete. Then spaces, or the checksum of its compression, were cut off.
  if (isArray('[0', text, '')) return true;
  return (inString ? endingsOfString : endingsOfToken).some((ending) =>
    ['[', '[0'].some((beginning) => isArray(beginning, text, `${ending}${open}]`)),
  );
}

/** Every possible rest of an escape, with the closing quote, and a value in case the string is a key. */
const endingsOfString = ['', 'n', '0', '00', '000', '0000'].flatMap((missing) => [
  `${missing}"`,
  `${missing}":0`,
]);
/** Every possible rest of a literal or a number; or a value, a key, or both. */
const endingsOfToken = [
  ...['', ':0', '0', '"":0'],
  ...['rue', 'ue', 'e', 'alse', 'lse', 'se', 'ull', 'll', 'l'],
];

function isArray(before: string, text: Uint8Array, after: string): boolean {
  return !('damaged' in cutEvents(Buffer.concat([Buffer.from(before), text, Buffer.from(after)])));
}

const [quote, openArray, closeArray, openObject, closeObject] = Buffer.from('"[]{}');

/** The closing brackets that are missing, innermost first, and true where the bytes end inside a string. */
function whatIsOpen(text: Uint8Array): { readonly open: string; readonly inString: boolean } {
  const brackets: string[] = [];
  let inString = false;
  for (let at = 0; at < text.length && !inString; ) {
    const byte = text[at]!;
    at += 1;
    if (byte === quote) {
      const after = endOfString(text, at);
      inString = after === -1;
      at = after;
    } else if (byte === openArray) brackets.push(']');
    else if (byte === openObject) brackets.push('}');
    else if (byte === closeArray || byte === closeObject) brackets.pop();
  }
  return { open: brackets.reverse().join(''), inString };
}

/** Removes the beginning of a character: a cut may leave up to three of its four bytes. */
function withoutPartOfCharacter(rest: Uint8Array): Uint8Array {
  for (let part = 1; part <= 3 && part <= rest.length; part += 1) {
    const byte = rest[rest.length - part]!;
    if (byte >= 0x80 && byte < 0xc0) continue;
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return byte >= 0xc2 && byte <= 0xf4 && part < whole ? rest.subarray(0, rest.length - part) : rest;
  }
  return rest;
}
