import type { Answer } from '../../functions/answer.ts';
import { decodeBeginning } from '../../functions/collector/answers/decode-answer.ts';
import type { DamagedBatch } from '../../functions/collector/protocol/ports/answers.ts';
import type { QuarantineReason } from '../../functions/stored/quarantine-entry.ts';
import { type JournalPlace, operatorCapBytes } from '../replay/sources/journal.ts';
import type { SoughtEvent } from './sought-event.ts';

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
