import type { DamagedBatch } from './ports/answers.ts';
import type { Quarantine } from './ports/quarantine.ts';

/** Puts a batch into quarantine as it was received; doing it again changes nothing. */
export async function quarantineBatch(
  { batch, damaged }: DamagedBatch,
  destination: string | undefined,
  { quarantine, signal }: { readonly quarantine: Quarantine; readonly signal: AbortSignal },
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
  await quarantine.quarantine(entry, signal);
}
