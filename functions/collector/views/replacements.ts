import type { MemberAction } from '../../stored/compiled-view.ts';
import { decodedText, hasEscape } from './decoded-text.ts';
import { createKeyedHash, writeLatin1 } from './keyed-hash.ts';
import { networkOf } from './network-of.ts';
import { type MakeReplacement, ShortValues } from './short-values.ts';
import type { ViewKey } from './view-key.ts';

/** Makes the values that stand in the place of members' own. */
export interface Replacements {
  /**
   * Finds what stands in the place of a value, as JSON text.
   *
   * @param start the offset of the value's first byte
   * @param end the offset after its last
   * @returns undefined where the value stays as sent; else a place that holds the text until the next call
   */
  of(action: Replacing, source: Buffer, start: number, end: number): Found | undefined;
}

/** The bytes of `found` from `start` to before `end`. */
export type Found = Pick<ShortValues, 'found' | 'start' | 'end'>;

export type Replacing = Exclude<MemberAction, 'keep' | 'remove'>;

/** @param key absent where no rule makes a pseudonym */
export function createReplacements(key: ViewKey | undefined): Replacements {
  const pseudonyms = new ShortValues(ofDecoded(pseudonymMaker(key)));
  const networks = new ShortValues(ofDecoded(networkText));
  const found = (values: ShortValues, source: Buffer, start: number, end: number): Found => {
    values.find(source, start, end);
    return values;
  };
  return {
    of(action, source, start, end) {
      const first = source[start]!;
      if (action === 'mask') return masked;
      if (action === 'network')
        return first === quote ? found(networks, source, start + 1, end - 1) : noNetwork;
      if (first === letterN) return undefined;
      if (first === quote) return found(pseudonyms, source, start + 1, end - 1);
      return isNumber(first) ? found(pseudonyms, source, start, end) : masked;
    },
  };
}

const maskText = Buffer.from('"***"');
const masked: Found = { found: maskText, start: 0, end: maskText.length };
const nullText = Buffer.from('null');
const noNetwork: Found = { found: nullText, start: 0, end: nullText.length };
const quote = 0x22;
const letterN = 0x6e;

function isNumber(first: number): boolean {
  return first === 0x2d /* - */ || (first >= 0x30 && first <= 0x39);
}

/** A pseudonym is made of the decoded value in UTF-8, in which a half of a surrogate pair is U+FFFD. */
function pseudonymMaker(key: ViewKey | undefined): MakeReplacement {
  if (key === undefined)
    return () => {
      throw new Error('a view makes pseudonyms without a key');
    };
  const keyed = createKeyedHash(key.secret, 'pseudonym:');
  const pseudonym = Buffer.from(`"${key.id}:${'?'.repeat(pseudonymLength)}"`);
  const bitsAt = pseudonym.length - pseudonymLength - 1;
  return (source, start, end) => {
    const digest = keyed(source, start, end, 'base64url');
    writeLatin1(digest, pseudonymLength - 1, pseudonym, bitsAt);
    // Of 128 bits, the last character has two.
    pseudonym[bitsAt + pseudonymLength - 1] = twoBits[sixBits[digest.charCodeAt(pseudonymLength - 1)]! >> 4]!;
    return pseudonym;
  };
}

/** Characters of 128 bits in base64url. */
const pseudonymLength = 22;
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const sixBits = new Uint8Array(128);
for (let bits = 0; bits < 64; bits++) sixBits[alphabet[bits]!] = bits;
const twoBits = alphabet.filter((_, bits) => bits % 16 === 0);

function networkText(source: Buffer, start: number, end: number): Buffer {
  const network = networkOf(source, start, end);
  return network === undefined ? nullText : Buffer.from(`"${network}"`);
}

/** Lets a maker read decoded values alone. */
function ofDecoded(make: MakeReplacement): MakeReplacement {
  return (source, start, end) => {
    if (!hasEscape(source, start, end)) return make(source, start, end);
    const decoded = Buffer.from(decodedText(source, start, end));
    return make(decoded, 0, decoded.length);
  };
}
