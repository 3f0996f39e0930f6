import type { IncomingMessage } from 'node:http';
import { giveBack, takeBuffer } from '../spare-buffers.ts';

export interface Body {
  readonly bytes: Uint8Array;
  readonly end: 'whole' | 'cut-off' | 'above-cap';
  /** Lets the memory of `bytes` be used again, once nothing reads them any more; to be called once at most. */
  release(): void;
}

/**
 * Reads a body into one buffer, sized by content-length where there is one. Never throws.
 *
 * `above-cap` is answered as soon as it is known, from content-length alone if that says so, without bytes unless
 * `keepBeginning`; the rest then stays unread, and the caller must destroy the socket.
 */
export function readBody(
  response: IncomingMessage,
  capBytes: number,
  { keepBeginning }: { readonly keepBeginning: boolean },
): Promise<Body> {
  const declared = declaredLength(response);
  if (declared !== undefined && declared > capBytes && !keepBeginning) {
    return Promise.resolve({ bytes: nothing, end: 'above-cap', release: () => undefined });
  }
  let buffer = bufferOf(Math.min(declared ?? firstBytes, capBytes));
  let length = 0;
  return new Promise((resolve) => {
    const finish = (end: Body['end']) => {
      response.removeAllListeners('data');
      const bytes = end === 'above-cap' && !keepBeginning ? nothing : buffer.subarray(0, length);
      resolve({ bytes, end, release: () => release(buffer) });
    };
    response.on('data', (chunk: Buffer) => {
      const above = length + chunk.length > capBytes;
      if (above && !keepBeginning) {
        finish('above-cap');
        return;
      }
      const kept = above ? chunk.subarray(0, capBytes - length) : chunk;
      buffer = withRoomFor(buffer, { length, more: kept.length, capBytes });
      kept.copy(buffer, length);
      length += kept.length;
      if (above) finish('above-cap');
    });
    response.on('end', () => finish(response.complete ? 'whole' : 'cut-off'));
    // A body that ends early: `close` follows, and says the same.
    response.on('error', () => finish('cut-off'));
    response.on('close', () => finish('cut-off'));
  });
}

const nothing = new Uint8Array(0);
const firstBytes = 256 * 1024;

function declaredLength(response: IncomingMessage): number | undefined {
  const text = response.headers['content-length'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function withRoomFor(
  buffer: Buffer,
  { length, more, capBytes }: { readonly length: number; readonly more: number; readonly capBytes: number },
): Buffer {
  if (length + more <= buffer.length) return buffer;
  const grown = bufferOf(Math.min(capBytes, Math.max(buffer.length * 2, length + more)));
  buffer.copy(grown, 0, 0, length);
  release(buffer);
  return grown;
}

/** Most calls are answered with a few bytes, for which no large buffer is worth taking. */
function bufferOf(bytes: number): Buffer {
  return bytes <= firstBytes ? Buffer.allocUnsafeSlow(bytes) : takeBuffer(bytes);
}

function release(buffer: Buffer): void {
  if (buffer.length > firstBytes) giveBack(buffer);
}
