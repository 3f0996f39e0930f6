import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { DamagedBatch } from '../../functions/collector/open-batch.ts';
import type { Answer, QuarantineReason } from '../../functions/collector/ports.ts';
import { type JournalPlace, operatorCapBytes } from '../replay/sources/journal.ts';
import type { Wanted } from './find-events.ts';

/** A batch that is no array of events, and whether what is looked for lies in it. */
export interface SearchedDamage {
  /** Of the journal. */
  readonly key: string;
  readonly reason: QuarantineReason;
  /** ISO 8601. */
  readonly collectedAt: string;
  /** `unknown` where it cannot be searched: by an id, which is the hash of an event, or what does not decompress. */
  readonly holds: boolean | 'unknown';
}

/** Looks for text in all that arrived of an answer: one that wraps its events, or was cut off, has them all the same. */
export function searchDamaged(
  { batch, damaged }: DamagedBatch,
  place: JournalPlace,
  wanted: Wanted,
): SearchedDamage {
  const bytes = 'contains' in wanted ? whatArrived(batch.answer) : undefined;
  return {
    key: place.key,
    reason: damaged,
    collectedAt: new Date(batch.collectedAt).toISOString(),
    holds: 'contains' in wanted && bytes !== undefined ? bytes.includes(wanted.contains) : 'unknown',
  };
}

/** @returns undefined for what does not decompress, or to more than an operator's machine should take */
function whatArrived({ received, encoding }: Answer): Buffer | undefined {
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  const maxOutputLength = operatorCapBytes;
  try {
    // Flushed instead of finished, so that an end that never arrived is no error.
    return encoding === 'gzip'
      ? gunzipSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH })
      : zstdDecompressSync(bytes, { maxOutputLength, finishFlush: constants.ZSTD_e_flush });
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
