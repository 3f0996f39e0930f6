import type { RunRecord } from '../../stored/run-item.ts';
import { unknownNamesOf } from './counters.ts';
import type { Ending } from './ending.ts';
import type { DeliveryQueue } from './ports/destination.ts';
import { lateOf, openAnew, writeProgress } from './record-progress.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunReport } from './run-report.ts';
import { toRelayError } from './to-relay-error.ts';

/**
 * Records how a run ended and what each destination has got, and lets go of the lease.
 *
 * Losses are told first. A `RUN#` that says `complete` is written before the `OPEN` is deleted. The lease is freed
 * last.
 * @throws when the state cannot be written
 */
export async function closeRun(
  ports: RunPorts,
  progress: RunProgress,
  collected: Ending,
): Promise<RunReport> {
  const { state, clock } = ports;
  const { id, queues, counters, lastNumber, unacknowledged } = progress;
  const ending = withQueueFailure(collected, queues);
  const complete = !unacknowledged && queues.every(({ done }) => done === lastNumber);
  const record: RunRecord = { ...toRecord(progress, ending, clock.now()), complete };
  if (counters.possibleLoss > 0) ports.tellLoss(counters.possibleLoss);
  if (!complete) await writeProgress(ports, progress);
  await state.records.writeRecord(record);
  if (complete) await state.openRuns.close(id);
  else if (!unacknowledged) await sealRun(ports, progress);
  await state.meta.endRun(
    record,
    { events: counters.events, batches: counters.batches, sourceBytes: counters.sourceBytes },
    progress.asking.kept(clock.now()),
  );
  return {
    kind: 'ended',
    record,
    before: progress.before,
    counters,
    error: ending.outcome === 'failed' ? ending.error : undefined,
    left: Object.fromEntries(
      queues.flatMap(({ destination, left }) => (left === undefined ? [] : [[destination, left]])),
    ),
  };
}

/** Hands the rest to the sweep: no PUT is on its way any more. An `OPEN` that the table has lost is written again. */
async function sealRun({ state, clock }: RunPorts, progress: RunProgress): Promise<void> {
  const now = clock.now();
  if (await state.openRuns.seal(progress.id, now, progress.lastNumber)) return;
  await openAnew({ state }, progress, { sealAfter: now, counted: true });
}

function toRecord(
  { id, counters, queues, lastNumber }: RunProgress,
  ending: Ending,
  endedAt: number,
): RunRecord {
  const unknown = unknownNamesOf(counters);
  return {
    ...id,
    endedAt,
    outcome: ending.outcome,
    ...(ending.outcome === 'failed' ? { code: ending.error.code } : {}),
    lastNumber,
    caution: ending.outcome === 'failed' && ending.caution,
    ...(counters.newestEventAt === undefined ? {} : { newestEventAt: counters.newestEventAt }),
    batches: counters.batches,
    fullAnswers: counters.fullAnswers,
    shortAnswers: counters.shortAnswers,
    emptyAnswers: counters.emptyAnswers,
    events: counters.events,
    sourceBytes: counters.sourceBytes,
    billedBytes: counters.billedBytes,
    collectMs: counters.collectMs.reduce((sum, each) => sum + each, 0),
    journalMs: counters.journalMs,
    deliverMs: counters.deliverMs,
    lost: 0,
    possibleLoss: counters.possibleLoss,
    ...lateOf(queues),
    ...(Object.keys(counters.views).length === 0 ? {} : { views: counters.views }),
    ...(unknown === undefined ? {} : { unknown }),
    destinations: queues.map(({ destination }) => destination),
  };
}

function withQueueFailure(ending: Ending, queues: readonly DeliveryQueue[]): Ending {
  const failure = queues.find((queue) => queue.failure !== undefined)?.failure;
  if (failure === undefined || ending.outcome === 'failed') return ending;
  return { outcome: 'failed', error: toRelayError(failure), caution: false };
}
