import type { CollectorEvent, CollectorMetric } from '../../functions/collector/contract.ts';
import type { KeptWatch, OrphanSearch } from '../../functions/stream-lifecycle/contract.ts';

/** The task that a schedule triggers. */
export type Task = CollectorEvent['task'] | OrphanSearch['task'] | KeptWatch['task'];

/** The work of one tick that finds nothing to do. */
interface IdleWork {
  /** Custom metrics that the tick sends all the same. A test performs the tasks and compares. */
  readonly metrics: readonly (CollectorMetric | 'Orphaned')[];
  readonly seconds: number;
  /** Calls to the table, each of one unit. */
  readonly writes: number;
  readonly reads: number;
  /** Listings of the bucket. */
  readonly lists: number;
  readonly logBytes: number;
}

/** META is written twice, OPEN written and deleted, RUN# written once; each is below 1 KB. */
export const writesPerRun = 5;
export const sweepSeconds = 0.2;
export const readsPerSweep = 4;
/** Listings of quarantine and of Firehose's backups. A stream with objects there needs more. */
export const listsPerSweep = 2;

/**
 * Bytes of a run's log lines, Lambda's own included. test/lab/bench/variants.test.ts holds runs to them for one,
 * two and three destinations.
 */
export function logBytesPerRun(destinations: number): number {
  return 2_048 + 512 * Math.max(0, destinations - 1);
}

export const idleWork: Readonly<Record<Task, IdleWork>> = {
  collect: {
    metrics: ['RunSucceeded'],
    // Two empty answers, the lease and the records.
    seconds: 0.5,
    writes: writesPerRun,
    reads: 1,
    lists: 0,
    logBytes: logBytesPerRun(1),
  },
  sweep: {
    metrics: ['OldestUndelivered', 'SinceLastRun'],
    seconds: sweepSeconds,
    writes: 0,
    reads: readsPerSweep,
    lists: listsPerSweep,
    logBytes: logBytesPerRun(1),
  },
  compare: {
    metrics: ['WitnessCompared', 'WitnessMissing', 'WitnessRecovered', 'WitnessIncomparable'],
    seconds: sweepSeconds,
    writes: 0,
    reads: 2,
    lists: 0,
    logBytes: logBytesPerRun(1),
  },
  'find-orphans': {
    metrics: ['Orphaned'],
    seconds: 1,
    writes: 0,
    reads: 1,
    lists: 0,
    logBytes: logBytesPerRun(1),
  },
  'watch-kept': {
    metrics: [],
    seconds: 0.2,
    writes: 0,
    reads: 1,
    lists: 0,
    // Lambda's own three lines.
    logBytes: 512,
  },
};
