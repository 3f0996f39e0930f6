import { count } from '../../cli/text.ts';
import type { StreamOutcome } from './report.ts';

/**
 * How many batches were delivered without a journal, beyond those that may be.
 *
 * A run that S3 refuses hands the one batch that it holds to Firehose, and tells so. Each last resort that was told
 * excuses one batch, whatever number of events came in it.
 */
export function unexplainedBatches({ comparison, lastResorts, ordeal }: StreamOutcome): number {
  const batches = comparison.unjournaledBatches.length;
  return Math.max(0, batches - lastResorts - (ordeal?.untoldLastResorts ?? 0));
}

/** What was delivered without a journal and without an excuse: two lines, or none. */
export function unjournaledReport(outcome: StreamOutcome): string[] {
  if (unexplainedBatches(outcome) === 0) return [];
  const { type, id, comparison, lastResorts, generatedKnown } = outcome;
  const { unjournaledBatches: batches } = comparison;
  const all = count(generatedKnown ? comparison.generated : comparison.collected);
  const ids = batches.flatMap((batch) => batch.ids).slice(0, mostIds);
  return [
    `${type} (${id}): ${count(comparison.unjournaled)} of ${all} events delivered and not in the journal, in ` +
      `${batchesOf(outcome)}; last resorts told by the collector: ${count(lastResorts)}`,
    `  first: ${ids.join(' ')}`,
  ];
}

/** What was delivered without a journal and may be: a line, or none. */
export function lastResortReport(outcome: StreamOutcome): string[] {
  const { name, comparison } = outcome;
  if (comparison.unjournaledBatches.length === 0 || unexplainedBatches(outcome) > 0) return [];
  return [
    `${name}: ${count(comparison.unjournaled)} events in ${batchesOf(outcome)} went to Firehose without a journal, which ` +
      'S3 refused: a last resort for each',
  ];
}

function batchesOf({ comparison: { unjournaledBatches: batches } }: StreamOutcome): string {
  return `${count(batches.length)} ${batches.length === 1 ? 'batch' : 'batches'}`;
}

const mostIds = 5;
