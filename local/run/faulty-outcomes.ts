import type { World } from '../world.ts';
import type { EndLines } from './end-lines.ts';
import type { PreparedFaults } from './fault-set.ts';
import type { LocalStage } from './opened-stage.ts';
import { readOutcomes } from './outcomes.ts';
import type { RedrivenAll } from './redrive-all.ts';
import type { StreamOutcome } from './report.ts';
import type { OpenWatch } from './settings/settings-changes.ts';

/** Reads the outcome of each stream, with the faults that it met. */
export async function readFaultyOutcomes(
  { world, source, streams, witnesses, receivers, ids }: OutcomeStage,
  { folder, faults, redriven, endLines, opens }: OutcomeFacts,
): Promise<readonly StreamOutcome[]> {
  const changing = (faults?.changes?.length ?? 0) > 0;
  const read = await readOutcomes({
    world,
    streams,
    generated: source.rawEvents,
    receivers,
    ids,
    folder,
    endLines,
    leftOut: redriven?.leftOut,
    ...(changing && { owes: opens.owes }),
  });
  const outcomes: StreamOutcome[] = [];
  for (const outcome of read) {
    const stream = streams.find(({ name }) => name === outcome.name)!;
    outcomes.push({
      ...outcome,
      redriven: redriven?.of(outcome.name),
      faults: faults?.befell(stream),
      ordeal: faults?.ordealOf?.(stream, { comparison: outcome.comparison, source, endLines, witnesses }),
    });
  }
  return outcomes;
}

type OutcomeStage = Pick<LocalStage, 'source' | 'streams' | 'witnesses' | 'receivers' | 'ids'> & {
  readonly world: World;
};

export interface OutcomeFacts {
  /** The folder of delivered objects. */
  readonly folder: string;
  readonly faults: PreparedFaults | undefined;
  readonly redriven: RedrivenAll | undefined;
  readonly endLines: EndLines;
  readonly opens: OpenWatch;
}
