import type { OrdealFacts } from '../../../local/run/fault-set.ts';
import type { Ordeal } from '../../../local/run/report.ts';
import type { WorldStream } from '../../../local/world-streams.ts';
import type { JournalPuts } from '../journal-puts.ts';
import { countUntold } from '../last-resorts.ts';
import { type LossOptions, lossesOf } from '../losses.ts';

/** Explains each loss of a stream by the faults that a run went through. */
export function ordealOf(
  stream: WorldStream,
  { comparison, source, endLines, witnesses }: OrdealFacts,
  { causeOf, forgets, journalRefused, journalPuts }: FaultRecord,
): Ordeal {
  return {
    swept: endLines.sweptBy(stream),
    untoldLastResorts: countUntold(comparison, source.ledger(stream), journalRefused),
    possibleLoss: endLines.lossToldOf(stream),
    losses: lossesOf(comparison, {
      ledger: () => source.ledger(stream),
      causeOf,
      forgets,
      acknowledged: journalPuts.eventsOf(stream),
      witnessed: witnesses.some(({ settings }) => settings.witnessOf?.name === stream.name),
    }),
  };
}

/** The faults' record of the calls of Mosaic, by each call's number. */
export interface FaultRecord extends Pick<LossOptions, 'causeOf' | 'forgets'> {
  /**
   * True if S3 was made to refuse the answer of that call. Its run may have handed the answer to Firehose without a
   * journal; a run that is killed then, or whose table refuses, cannot tell so.
   */
  journalRefused(call: number): boolean;
  readonly journalPuts: JournalPuts;
}
