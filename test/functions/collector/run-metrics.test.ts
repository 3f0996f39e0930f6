import { describe, expect, test } from 'vitest';
import { collectorMetrics } from '../../../functions/collector/contract.ts';
import { type Counters, zeroCounters } from '../../../functions/collector/protocol/counters.ts';
import type { RunReport } from '../../../functions/collector/protocol/run-report.ts';
import {
  givenUpMetrics,
  runMetrics,
  stageMetrics,
  sweepMetrics,
} from '../../../functions/collector/run-metrics.ts';
import { RelayError } from '../../../functions/relay-error.ts';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { eventMetrics } from '../../../infra/config/cost-at-rest.ts';
import { idleWork } from '../../../infra/config/idle-work.ts';

const endedAt = Date.parse('2026-03-02T08:00:00Z');

function ended(changes: {
  counters?: Partial<Counters>;
  record?: Partial<RunRecord>;
  error?: RelayError;
}): RunReport {
  const record: RunRecord = {
    run: 'r',
    startedAt: endedAt - 5_000,
    endedAt,
    outcome: 'drained',
    lastNumber: 0,
    caution: false,
    batches: 0,
    fullAnswers: 0,
    shortAnswers: 0,
    emptyAnswers: 2,
    events: 0,
    sourceBytes: 0,
    billedBytes: 0,
    collectMs: 0,
    journalMs: 0,
    deliverMs: 0,
    lost: 0,
    possibleLoss: 0,
    ...changes.record,
  };
  const counters = { ...zeroCounters(), ...changes.counters };
  return { kind: 'ended', record, counters, error: changes.error, left: {} };
}

const told = (report: RunReport) => Object.fromEntries(runMetrics(report));

describe('a run', () => {
  test('that found nothing tells that it succeeded, that nothing waits, and no more', () => {
    const metrics = told(ended({ counters: { collectMs: [80, 20] } }));
    expect(metrics).toEqual({ RunSucceeded: 1, EventLag: 0 });
    expect(Object.keys(metrics)).toEqual(idleWork.collect.metrics);
  });

  test('that found events tells how many beside, and no more', () => {
    const counters = { events: 7, batches: 1, sourceBytes: 9_000, collectMs: [80, 20] };
    const names = Object.keys(told(ended({ counters })));
    expect(names.toSorted()).toEqual([...idleWork.collect.metrics, ...eventMetrics.ofStream].toSorted());
  });

  test('that left a backlog tells the age of its newest event', () => {
    const record = { outcome: 'out-of-time', newestEventAt: endedAt - 90_000 } as const;
    expect(told(ended({ record }))).toMatchObject({ BacklogRemaining: 1, EventLag: 90, RunSucceeded: 1 });
  });

  test('that takes what still comes for the present tells how old that is', () => {
    const record = { outcome: 'caught-up', newestEventAt: endedAt - 120_000 } as const;
    expect(told(ended({ record }))).toEqual({ RunSucceeded: 1, EventLag: 120 });
  });

  test('that failed before it learnt anything tells no lag', () => {
    const error = new RelayError('CredentialRefused', 'no');
    const metrics = told(ended({ record: { outcome: 'failed' }, counters: { credentialRefused: 1 }, error }));
    expect(metrics).toEqual({ RunSucceeded: 0, CredentialRefused: 1 });
  });

  test('that found another still running tells only that', () => {
    const holder = { run: 'other', startedAt: 0, until: 1 };
    expect(told({ kind: 'overlap', holder })).toEqual({ OverlapSkipped: 1 });
  });
});

describe('a sweep', () => {
  const report = {
    counters: zeroCounters(),
    reopened: 0,
    refusing: {},
    oldestUndeliveredMs: 0,
    oldestOwedToRemovedMs: 0,
    waitingAtLeast: false,
    openRuns: 0,
    waitingForOperator: 0,
    givenUp: {},
    sinceLastRunMs: 61_400,
    error: undefined,
  };

  test('that found nothing tells that nothing is undelivered, and no more', () => {
    const metrics = Object.fromEntries(sweepMetrics(report, {}));
    expect(metrics).toEqual({ OldestUndelivered: 0 });
    expect(Object.keys(metrics)).toEqual(idleWork.sweep.metrics);
  });

  test('tells what waits for an operator while something does', () => {
    const names = sweepMetrics({ ...report, waitingForOperator: 2, oldestOwedToRemovedMs: 5_000 }, {});
    expect(Object.fromEntries(names)).toEqual({
      OldestUndelivered: 0,
      WaitingForOperator: 2,
      OldestOwedToRemoved: 5,
    });
  });

  test('tells the time since the last run where an alarm watches it, and none before a first run', () => {
    const asked = { tellSinceLastRun: true };
    expect(sweepMetrics(report, asked)).toContainEqual(['SinceLastRun', 61]);
    const names = sweepMetrics({ ...report, sinceLastRunMs: undefined }, asked).map(([name]) => name);
    expect(names).toEqual(['OldestUndelivered']);
  });
});

test('what Firehose gave up is told of each destination of the settings that has any', () => {
  const report = { givenUp: { splunk: 3, gone: 2 } };
  expect(givenUpMetrics(report, ['s3', 'splunk'])).toEqual([['splunk', 'GivenUp', 3]]);
});

test('what was put is told of the stage as it is billed, and nothing when nothing was', () => {
  expect(stageMetrics({ counters: { ...zeroCounters(), billedBytes: 5_120 } })).toEqual([
    ['BytesBilled', 5_120],
  ]);
  expect(stageMetrics({ counters: zeroCounters() })).toEqual([]);
});

test('whatever goes wrong at once, no name is told twice and none is unknown', () => {
  const all = { possibleLoss: 1, quarantined: 1, recordsRefused: 1, streamReopened: 1, credentialRefused: 1 };
  const names = runMetrics(ended({ counters: { ...all, events: 1, batches: 1, sourceBytes: 1 } })).map(
    ([name]) => name,
  );
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(collectorMetrics).toHaveProperty(name);
});
