import type { MemberAction } from '../../stored/compiled-view.ts';
import { decodedText, hasEscape } from './decoded-text.ts';
import { createKeyedHash } from './keyed-hash.ts';
import { networkOf } from './network-of.ts';
import type { ViewKey } from './view-key.ts';

/** Makes the value that stands in the place of a member's own. */
export interface Replacements {
  /**
   * @param start the offset of the value's first byte
   * @param end the offset after its last
   * @returns the JSON text; undefined where the value stays as sent
   */
  of(action: Replacing, source: Uint8Array, start: number, end: number): Uint8Array | undefined;
}

export type Replacing = Exclude<MemberAction, 'keep' | 'remove'>;

/** @param key absent where no rule makes a pseudonym */
export function createReplacements(key: ViewKey | undefined): Replacements {
  const pseudonyms = createCache();
  const networks = createCache();
  const keyed = key === undefined ? undefined : createKeyedHash(key.secret);
  const pseudonymOf = (value: Uint8Array): Buffer => {
    if (key === undefined || keyed === undefined) throw new Error('a view makes pseudonyms without a key');
    const bits = Buffer.from(keyed(value).slice(0, 2 * pseudonymBytes), 'hex');
    return Buffer.from(`"${key.id}:${bits.toString('base64url')}"`);
  };
  return {
    of(action, source, start, end) {
      const first = source[start]!;
      if (action === 'mask') return masked;
      if (action === 'network')
        return first === quote
          ? networks(source, { start: start + 1, end: end - 1, make: networkText })
          : nullText;
      if (first === letterN) return undefined;
      if (first === quote) return pseudonyms(source, { start: start + 1, end: end - 1, make: pseudonymOf });
      return isNumber(first) ? pseudonyms(source, { start, end, make: pseudonymOf }) : masked;
    },
  };
}

const pseudonymBytes = 16;
const masked = Buffer.from('"***"');
const nullText = Buffer.from('null');
const quote = 0x22;
const letterN = 0x6e;

function isNumber(first: number): boolean {
  return first === 0x2d /* - */ || (first >= 0x30 && first <= 0x39);
}

function networkText(value: Uint8Array): Buffer {
  const network = networkOf(Buffer.from(value.buffer, value.byteOffset, value.length).toString());
  return network === undefined ? nullText : Buffer.from(`"${network}"`);
}

interface Asked {
  readonly start: number;
  readonly end: number;
  /** @param value the decoded value in UTF-8; a half of a surrogate pair is U+FFFD */
  readonly make: (value: Uint8Array) => Buffer;
}

/** Keeps what was made of short values, which come again and again, in a bounded number. */
function createCache(): (source: Uint8Array, asked: Asked) => Buffer {
  const known = new Map<string, Buffer>();
  return (source, { start, end, make }) => {
    const raw = Buffer.from(source.buffer, source.byteOffset + start, end - start);
    const made = (): Buffer =>
      make(hasEscape(raw, 0, raw.length) ? Buffer.from(decodedText(raw, 0, raw.length)) : raw);
    if (raw.length > longestCached) return made();
    const name = raw.toString('latin1');
    let replacement = known.get(name);
    if (replacement !== undefined) return replacement;
    replacement = made();
    if (known.size === mostCached) known.clear();
    known.set(name, replacement);
    return replacement;
  };
}

const longestCached = 64;
/** About 1 MB for both actions of a view. */
const mostCached = 2_048;
