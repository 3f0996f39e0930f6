import type { RunRecord } from '../../../functions/stored/run-item.ts';

/** A drained run of two seconds: 1,200 events of 700 bytes in two batches. */
export function drainedRun(index: number, startedAt: number, facts: Partial<RunRecord> = {}): RunRecord {
  return {
    run: `run-${index}`,
    startedAt,
    endedAt: startedAt + 2_000,
    outcome: 'drained',
    lastNumber: 2,
    caution: false,
    batches: 2,
    fullAnswers: 1,
    shortAnswers: 1,
    emptyAnswers: 2,
    events: 1_200,
    sourceBytes: 1_200 * 700,
    billedBytes: 1_024_000,
    collectMs: 800,
    journalMs: 60,
    deliverMs: 90,
    lost: 0,
    possibleLoss: 0,
    ...facts,
  };
}
