import type { Counters } from './protocol/counters.ts';
import type { RunReport } from './protocol/run-report.ts';
import type { SweepReport } from './protocol/sweep-report.ts';
import type { CompareReport } from './witness/comparison.ts';

/** The fields of a run's end line: counts, codes and names, no event content. */
export function runFields(report: RunReport): Record<string, unknown> {
  if (report.kind === 'overlap') {
    return { task: 'collect', outcome: 'overlap', holder: report.holder.run, until: report.holder.until };
  }
  const { record, counters, error, left } = report;
  return {
    task: 'collect',
    run: record.run,
    outcome: record.outcome,
    ...(error === undefined ? {} : { code: error.code, reason: error.message, ...error.facts }),
    events: record.events,
    batches: record.batches,
    lastNumber: record.lastNumber,
    ...noZeros({ lastResort: counters.lastResort, streamReopened: counters.streamReopened }),
    ...(counters.streamReopened > 0
      ? { reopened: 'what was raised while the stream was missing is gone' }
      : {}),
    ...delivery(counters),
    ...(record.unknown === undefined ? {} : { unknown: record.unknown }),
    ...(Object.keys(left).length === 0 ? {} : { leftToSweep: left }),
    collectMs: Math.round(record.collectMs),
    journalMs: Math.round(record.journalMs),
    deliverMs: Math.round(record.deliverMs),
  };
}

/** The fields of a sweep's end line. */
export function sweepFields(report: SweepReport): Record<string, unknown> {
  return {
    task: 'sweep',
    openRuns: report.openRuns,
    oldestUndeliveredSeconds: Math.round(report.oldestUndeliveredMs / 1_000),
    waitingForOperator: report.waitingForOperator,
    ...(report.waitingAtLeast ? { waitingForOperatorAtLeast: true } : {}),
    ...noZeros({
      oldestOwedToRemovedSeconds: Math.round(report.oldestOwedToRemovedMs / 1_000),
      swept: report.counters.swept,
      reopened: report.reopened,
      lost: report.counters.lost,
    }),
    ...(report.error === undefined ? {} : { code: report.error.code, reason: report.error.message }),
    ...delivery(report.counters),
    ...(Object.keys(report.refusing).length === 0 ? {} : { refusing: report.refusing }),
  };
}

/** The fields of a comparison's end line. */
export function comparisonFields(report: CompareReport, primary: string): Record<string, unknown> {
  const { hours, waitingFor } = report;
  return {
    task: 'compare',
    primary,
    hours: hours.map(({ from, ...hour }) => ({ from: new Date(from).toISOString(), ...hour })),
    waitingFor,
  };
}

function delivery(counters: Counters): Record<string, unknown> {
  const late = Object.keys(counters.late).length === 0 ? {} : { late: counters.late };
  const views = Object.keys(counters.views).length === 0 ? {} : { views: counters.views };
  const unmapped = Object.keys(counters.unmapped).length === 0 ? {} : { unmappedActivity: counters.unmapped };
  return {
    ...late,
    ...views,
    ...unmapped,
    ...noZeros({
      records: counters.records,
      rawBytes: counters.rawBytes,
      billedBytes: counters.billedBytes,
      quarantined: counters.quarantined,
      recordsRefused: counters.recordsRefused,
      possibleLoss: counters.possibleLoss,
    }),
  };
}

function noZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));
}
