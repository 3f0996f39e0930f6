import type { JournaledBatch } from '../../stored/journaled-batch.ts';
import type { CutBatch, DamagedBatch } from '../protocol/ports/answers.ts';
import { cutEvents } from './cut-events.ts';
import { decodeAnswer } from './decode-answer.ts';

/**
 * Decompresses and cuts a journaled batch.
 *
 * @param capBytes most bytes that an answer may decompress to; a larger one goes to quarantine as received
 * @param memberDepth how deep in events members are noted, for the views that will see them; 0 for none
 */
export function openBatch(batch: JournaledBatch, capBytes: number, memberDepth = 0): CutBatch | DamagedBatch {
  if (batch.cutOff) return { batch, damaged: 'cut-off' };
  const decoded = decodeAnswer(batch.answer, capBytes);
  if ('damaged' in decoded) return { batch, damaged: decoded.damaged };
  const cut = cutEvents(decoded, memberDepth > 0 ? { depth: memberDepth } : undefined);
  if ('damaged' in cut) return { batch, damaged: cut.damaged };
  return { batch, cut };
}
