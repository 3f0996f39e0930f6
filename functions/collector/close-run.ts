import type { Ending } from './collect.ts';
import { foreseen } from './errors.ts';
import type { Lane } from './lane.ts';
import type { RunRecord } from './ports.ts';
import type { RunPorts, RunProgress, RunReport } from './run.ts';

/**
 * Records how a run ended and what each destination has got, and lets go of the lease.
 *
 * Whoever deletes an `OPEN` has written the run's `RUN#` before; the lease goes last.
 * @throws when the state cannot be written
 */
export async function closeRun(
  ports: RunPorts,
  progress: RunProgress,
  collected: Ending,
): Promise<RunReport> {
  const { state, clock } = ports;
  const { id, lanes, tally, lastNumber } = progress;
  const ending = withLaneFailure(collected, lanes);
  const record = toRecord(progress, ending, clock.now());
  const complete = !progress.unacknowledged && lanes.every(({ done }) => done === lastNumber);
  for (const { destination, done } of complete ? [] : lanes) {
    if (done > 0) await state.recordDone(id, destination, done);
  }
  await state.writeRecord(record);
  if (complete) await state.close(id);
  else if (!progress.unacknowledged) await state.seal(id, clock.now(), lastNumber);
  await state.endRun(record, {
    events: tally.events,
    batches: tally.batches,
    sourceBytes: tally.sourceBytes,
  });
  return {
    kind: 'ended',
    record,
    tally,
    error: ending.outcome === 'failed' ? ending.error : undefined,
    left: Object.fromEntries(
      lanes.flatMap(({ destination, left }) => (left === undefined ? [] : [[destination, left]])),
    ),
  };
}

function toRecord({ id, tally, lanes, lastNumber }: RunProgress, ending: Ending, endedAt: number): RunRecord {
  return {
    ...id,
    endedAt,
    outcome: ending.outcome,
    ...(ending.outcome === 'failed' ? { code: ending.error.code } : {}),
    lastNumber,
    caution: ending.outcome === 'failed' && ending.caution,
    ...(tally.newestEventAt === undefined ? {} : { newestEventAt: tally.newestEventAt }),
    batches: tally.batches,
    fullAnswers: tally.fullAnswers,
    shortAnswers: tally.shortAnswers,
    emptyAnswers: tally.emptyAnswers,
    events: tally.events,
    sourceBytes: tally.sourceBytes,
    billedBytes: tally.billedBytes,
    collectMs: tally.collectMs.reduce((sum, each) => sum + each, 0),
    journalMs: tally.journalMs,
    deliverMs: tally.deliverMs,
    lost: 0,
    possibleLoss: tally.possibleLoss,
    destinations: lanes.map(({ destination }) => destination),
  };
}

function withLaneFailure(ending: Ending, lanes: readonly Lane[]): Ending {
  const failure = lanes.find((lane) => lane.failure !== undefined)?.failure;
  if (failure === undefined || ending.outcome === 'failed') return ending;
  return { outcome: 'failed', error: foreseen(failure), caution: false };
}
