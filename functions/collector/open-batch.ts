import type { JournaledBatch } from '../stored/journaled-batch.ts';
import type { QuarantineReason } from '../stored/quarantine-entry.ts';
import { type Cut, cutEvents } from './cut-events.ts';
import { decodeAnswer } from './decode-answer.ts';
import type { Journal } from './ports.ts';

/** A journaled batch, decompressed and cut once for all destinations. */
export interface CutBatch {
  readonly batch: JournaledBatch;
  readonly cut: Cut;
}

/** A batch that no destination can take. */
export interface DamagedBatch {
  readonly batch: JournaledBatch;
  readonly damaged: QuarantineReason;
}

/** @param capBytes what an answer may decompress to; above it, it goes to quarantine as received */
export function openBatch(batch: JournaledBatch, capBytes: number): CutBatch | DamagedBatch {
  if (batch.cutOff) return { batch, damaged: 'cut-off' };
  const decoded = decodeAnswer(batch.answer, capBytes);
  if ('damaged' in decoded) return { batch, damaged: decoded.damaged };
  const cut = cutEvents(decoded);
  if ('damaged' in cut) return { batch, damaged: cut.damaged };
  return { batch, cut };
}

/** Puts a batch into quarantine as it was received; doing it again changes nothing. */
export async function quarantineBatch(
  { batch, damaged }: DamagedBatch,
  destination: string | undefined,
  { journal, signal }: { readonly journal: Pick<Journal, 'quarantine'>; readonly signal: AbortSignal },
): Promise<void> {
  const entry = {
    run: batch.run,
    startedAt: batch.startedAt,
    number: batch.number,
    ...(destination === undefined ? {} : { destination }),
    reason: damaged,
    collectedAt: batch.collectedAt,
    stream: batch.stream,
    bytes: batch.answer.received,
    encoding: batch.answer.encoding,
  };
  await journal.quarantine(entry, signal);
}
