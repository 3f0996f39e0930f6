import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { EndLines } from './faults/end-lines.ts';
import type { PreparedFaults } from './faults/fault-set.ts';
import type { JournalPuts } from './faults/journal-puts.ts';
import { countUntold } from './faults/last-resorts.ts';
import { lossesOf } from './faults/losses.ts';
import type { OpenWatch } from './faults/settings-changes.ts';
import type { LocalStage } from './local-stage.ts';
import { readOutcomes } from './outcomes.ts';
import type { RedrivenAll } from './redrive-all.ts';
import type { Ordeal, StreamOutcome } from './report.ts';

/** Reads what became of each stream, and tells of it what the faults did to it, if there were any. */
export async function readFaultyOutcomes(
  { world, source, streams, witnesses, receivers }: OutcomeStage,
  { folder, faults, redriven, endLines, opens, journalPuts }: OutcomeFacts,
): Promise<readonly StreamOutcome[]> {
  const changing = (faults?.changes?.length ?? 0) > 0;
  const read = await readOutcomes({
    world,
    streams,
    generated: source.rawEvents,
    receivers,
    folder,
    endLines,
    ...(changing && { owes: opens.owes }),
  });
  const ordealOf = (stream: WorldStream, { comparison }: StreamOutcome): Ordeal | undefined =>
    faults?.causeOf && {
      swept: endLines.sweptBy(stream),
      untoldLastResorts: countUntold(comparison, source.ledger(stream), faults.journalRefused),
      possibleLoss: endLines.lossToldOf(stream),
      losses: lossesOf(comparison, {
        ledger: () => source.ledger(stream),
        causeOf: faults.causeOf,
        forgets: faults.forgets,
        acknowledged: journalPuts.eventsOf(stream),
        witnessed: witnesses.some(({ settings }) => settings.witnessOf?.name === stream.name),
      }),
    };
  const outcomes: StreamOutcome[] = [];
  for (const outcome of read) {
    const stream = streams.find(({ name }) => name === outcome.name)!;
    outcomes.push({
      ...outcome,
      redriven: redriven?.of(outcome.name),
      faults: faults?.befell(stream),
      ordeal: ordealOf(stream, outcome),
    });
  }
  return outcomes;
}

type OutcomeStage = Pick<LocalStage, 'source' | 'streams' | 'witnesses' | 'receivers'> & {
  readonly world: World;
};

export interface OutcomeFacts {
  /** Where delivered objects are left. */
  readonly folder: string;
  readonly faults: PreparedFaults | undefined;
  readonly redriven: RedrivenAll | undefined;
  readonly endLines: EndLines;
  readonly opens: OpenWatch;
  readonly journalPuts: JournalPuts;
}
