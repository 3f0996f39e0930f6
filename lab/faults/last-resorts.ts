import type { StreamComparison } from '../../local/run/comparison.ts';
import type { SourceEntry } from '../../local/run/simulated-source.ts';

/**
 * Counts batches without a journal whose answers S3 was made to refuse. A run that is killed after its last
 * resort, or whose table refuses, cannot tell of it. A batch is known by its events, and an event by the call of
 * Mosaic that handed it out.
 */
export function countUntold(
  { unjournaledBatches }: Pick<StreamComparison, 'unjournaledBatches'>,
  ledger: Iterable<Pick<SourceEntry, 'id' | 'call'>>,
  journalRefused: (call: number) => boolean = () => false,
): number {
  if (unjournaledBatches.length === 0) return 0;
  const calls = new Map<string, number>();
  for (const { id, call } of ledger) calls.set(id, call);
  return unjournaledBatches.filter(({ ids }) => ids.some((id) => journalRefused(calls.get(id) ?? 0))).length;
}
