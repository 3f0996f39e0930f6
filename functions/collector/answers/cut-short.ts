import { cutEvents } from './cut-events.ts';
import { endOfString } from './json-tokens.ts';

/**
 * True if the bytes after an array's last whole element can go on to be JSON: nothing is wrong with them but that they
 * end. False if a byte among them is wrong, so that events may stand behind the damage.
 *
 * JSON allows few endings of a token that was cut. Each of them is tried.
 */
export function isCutShort(rest: Uint8Array): boolean {
  const text = withoutPartOfCharacter(rest);
  const { open, inString } = whatIsOpen(text);
  if (text.length < rest.length && !inString) return false;
  // The array itself may have ended, in an answer that was to go on with spaces, or with its compression's checksum.
  if (isArray('[0', text, '')) return true;
  return (inString ? endingsOfString : endingsOfToken).some((ending) =>
    ['[', '[0'].some((beginning) => isArray(beginning, text, `${ending}${open}]`)),
  );
}

/** What is missing of an escape, the quote, and a value where the string is a key. */
const endingsOfString = ['', 'n', '0', '00', '000', '0000'].flatMap((missing) => [
  `${missing}"`,
  `${missing}":0`,
]);
/** What is missing of a literal or a number; a value, a key, or both. */
const endingsOfToken = [
  ...['', ':0', '0', '"":0'],
  ...['rue', 'ue', 'e', 'alse', 'lse', 'se', 'ull', 'll', 'l'],
];

function isArray(before: string, text: Uint8Array, after: string): boolean {
  return !('damaged' in cutEvents(Buffer.concat([Buffer.from(before), text, Buffer.from(after)])));
}

const [quote, openArray, closeArray, openObject, closeObject] = Buffer.from('"[]{}');

/** The closing brackets that are missing, innermost first, and whether the bytes end within a string. */
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

/** A cut may leave up to three bytes of a character of four. */
function withoutPartOfCharacter(rest: Uint8Array): Uint8Array {
  for (let part = 1; part <= 3 && part <= rest.length; part += 1) {
    const byte = rest[rest.length - part]!;
    if (byte >= 0x80 && byte < 0xc0) continue;
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return byte >= 0xc2 && byte <= 0xf4 && part < whole ? rest.subarray(0, rest.length - part) : rest;
  }
  return rest;
}
