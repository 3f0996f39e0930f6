import type { Answer } from '../../functions/answer.ts';
import { decodeBeginning } from '../../functions/collector/answers/decode-answer.ts';
import type { DamagedBatch } from '../../functions/collector/protocol/ports/answers.ts';
import type { QuarantineReason } from '../../functions/stored/quarantine-entry.ts';
import { type JournalPlace, operatorCapBytes } from '../replay/sources/journal.ts';
import type { SoughtEvent } from './sought-event.ts';

/** A batch that is no array of events, and the result of the search in it. */
export interface SearchedDamage {
  /** The key of the journal's object. */
  readonly key: string;
  readonly reason: QuarantineReason;
  /** ISO 8601. */
  readonly collectedAt: string;
  /**
   * True where the batch holds the sought text. `unknown` where it cannot be searched: for an id, which is the
   * hash of an event, and in bytes that do not decompress.
   */
  readonly holds: boolean | 'unknown';
}

/**
 * Looks for text in all bytes that arrived of an answer. An answer that wraps its events, or was cut off, still
 * holds their text.
 */
export function searchDamaged(
  { batch, damaged }: DamagedBatch,
  place: JournalPlace,
  wanted: SoughtEvent,
): SearchedDamage {
  return {
    key: place.key,
    reason: damaged,
    collectedAt: new Date(batch.collectedAt).toISOString(),
    holds: 'contains' in wanted ? holdsText(batch.answer, wanted.contains) : 'unknown',
  };
}

function holdsText(answer: Answer, text: string): SearchedDamage['holds'] {
  const bytes = decodeBeginning(answer, operatorCapBytes);
  if ('damaged' in bytes) return 'unknown';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text);
}
