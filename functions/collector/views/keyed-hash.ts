import { hash } from 'node:crypto';

/**
 * Gives the HMAC of the bytes from `start` to before `end`; without these, of the whole message.
 * @returns text in the encoding, hex by default
 */
export type KeyedHash = (
  message: Uint8Array,
  start?: number,
  end?: number,
  encoding?: 'hex' | 'base64url',
) => string;

/** What a hash is for: it stands before the message, so that no pseudonym of any value is the id of an event. */
export type Purpose = 'id:' | 'pseudonym:';

/**
 * HMAC-SHA-256 over a purpose and a message, by one-shot hashes. For a message of 32 bytes they take 1.1 µs, with digests as buffers 3 µs, and
 * `createHmac` 20 µs.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function createKeyedHash(secret: Uint8Array, purpose: Purpose): KeyedHash {
  const key = Buffer.alloc(blockBytes);
  key.set(secret.length > blockBytes ? hash('sha256', secret, 'buffer') : secret);
  const inner = Buffer.concat([key.map((byte) => byte ^ 0x36), Buffer.from(purpose)]);
  const outer = Buffer.alloc(blockBytes + digestBytes);
  outer.set(key.map((byte) => byte ^ 0x5c));
  const short = Buffer.alloc(inner.length + longestShort);
  short.set(inner);
  /** The beginnings of `short` by their length, since making one takes as long as a tenth of a digest. */
  const beginnings: Buffer[] = [];
  const innerOf = (source: Uint8Array, start: number, end: number): Buffer => {
    const length = end - start;
    if (length > longestShort) return Buffer.concat([inner, source.subarray(start, end)]);
    for (let index = 0; index < length; index++) short[inner.length + index] = source[start + index]!;
    beginnings[length] ??= short.subarray(0, inner.length + length);
    return beginnings[length];
  };
  return (message, start = 0, end = message.length, encoding = 'hex') => {
    writeLatin1(hash('sha256', innerOf(message, start, end), 'binary'), digestBytes, outer, blockBytes);
    return hash('sha256', outer, encoding);
  };
}

const blockBytes = 64;
const digestBytes = 32;
const longestShort = 64;

/** Writes the first characters of a short text. A loop is cheaper than a call of `Buffer.write` for so few. */
export function writeLatin1(text: string, length: number, target: Uint8Array, at: number): void {
  for (let index = 0; index < length; index++) target[at + index] = text.charCodeAt(index);
}
