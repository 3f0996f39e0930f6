import { constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Answer } from '../../answer.ts';

/**
 * Decompresses an answer. An answer that came uncompressed gives `received` itself.
 *
 * Synchronous on purpose: zlib's asynchronous form costs about twice the CPU for answers of a few MB.
 *
 * @param capBytes most bytes that an answer may decompress to, which also bounds the memory for it
 */
export function decodeAnswer(answer: Answer, capBytes: number): Uint8Array | UndecodableAnswer {
  return decodeBy(decompress, answer, capBytes);
}

/**
 * Decompresses the part that arrived of an answer that was cut off.
 *
 * Only a missing end is tolerated. Behind an altered byte of a compressed body, no content can be trusted.
 *
 * @param capBytes as for `decodeAnswer`
 */
export function decodeBeginning(answer: Answer, capBytes: number): Uint8Array | UndecodableAnswer {
  return decodeBy(decompressBeginning, answer, capBytes);
}

function decodeBy(
  by: typeof decompress,
  { received, encoding }: Answer,
  capBytes: number,
): Uint8Array | UndecodableAnswer {
  if (encoding === 'identity') return received.length > capBytes ? aboveCap(capBytes) : received;
  // A body without bytes is no compressed stream either. It counts as an empty answer.
  if (received.length === 0) return received;
  try {
    return by[encoding](received, capBytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    if (code === 'ERR_BUFFER_TOO_LARGE') return aboveCap(capBytes);
    return { damaged: 'damaged-compression', message: `the ${encoding} body does not decompress: ${code}` };
  }
}

function aboveCap(capBytes: number): UndecodableAnswer {
  return { damaged: 'above-decompressed-cap', message: `the body is larger than ${capBytes} bytes` };
}

export interface UndecodableAnswer {
  readonly damaged: 'above-decompressed-cap' | 'damaged-compression';
  readonly message: string;
}

/** Gives the answer as it is journaled: an uncompressed one is compressed, every other stays as received. */
export function compressAnswer(answer: Answer): Answer {
  if (answer.encoding !== 'identity') return answer;
  // The frame's header holds the size, so that a reader knows how much memory the answer takes.
  const options = { params: zstdParams, chunkSize, pledgedSrcSize: answer.received.length };
  return { received: zstdCompressSync(answer.received, options), encoding: 'zstd' };
}

/** True for an answer without events: `[]`, or no bytes at all. */
export function isEmptyAnswer(answer: Answer): boolean {
  if (answer.received.length > longestEmptyBytes) return false;
  const decoded = decodeAnswer(answer, longestEmptyBytes);
  return !('damaged' in decoded) && emptyText.test(Buffer.from(decoded).toString('latin1'));
}

/**
 * JSON's white space and no other, because text that is no JSON goes to quarantine. A byte order mark may come
 * first.
 */
const emptyText = /^((\xef\xbb\xbf)?[ \t\r\n]*\[[ \t\r\n]*\][ \t\r\n]*)?$/;

/** Far above any `[]`, compressed or pretty-printed. A longer answer is cut like any other. */
const longestEmptyBytes = 256;

/** Level 1 took 2.5 ms for 1.5 MB, gzip's level 1 about 14. The checksum tells damage from data. */
const zstdParams = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** Larger than zlib's 16 KiB, so that zlib does not join a few MB out of hundreds of pieces. */
const chunkSize = 256 * 1024;

const decompress = {
  gzip: (received: Uint8Array, maxOutputLength: number): Uint8Array =>
    gunzipSync(received, { maxOutputLength, chunkSize }),
  /** Node reads one frame. Bytes behind it are dropped in silence unless `rejectGarbageAfterEnd` is set. */
  zstd: (received: Uint8Array, maxOutputLength: number): Uint8Array =>
    zstdDecompressSync(received, { maxOutputLength, chunkSize, rejectGarbageAfterEnd: true }),
};

/** With a flush in place of an end, zlib gives all bytes that it has, and a missing end is no error. */
const decompressBeginning: typeof decompress = {
  gzip: (received, maxOutputLength) =>
    gunzipSync(received, { maxOutputLength, chunkSize, finishFlush: constants.Z_SYNC_FLUSH }),
  zstd: (received, maxOutputLength) =>
    zstdDecompressSync(received, {
      maxOutputLength,
      chunkSize,
      finishFlush: constants.ZSTD_e_flush,
      rejectGarbageAfterEnd: true,
    }),
};
