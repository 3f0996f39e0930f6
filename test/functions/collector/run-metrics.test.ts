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
  test('that found nothing tells that it succeeded, and that nothing waits', () => {
    expect(told(ended({ counters: { collectMs: [80, 20] } }))).toEqual({
      RunSucceeded: 1,
      CollectLatency: 80,
      EventLag: 0,
    });
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

  test('that found nothing tells its gauges, so that alarms go back', () => {
    expect(Object.fromEntries(sweepMetrics(report))).toEqual({
      OldestUndelivered: 0,
      WaitingForOperator: 0,
      SinceLastRun: 61,
    });
  });

  test('before a first run tells no time since', () => {
    const names = sweepMetrics({ ...report, sinceLastRunMs: undefined }).map(([name]) => name);
    expect(names).toEqual(['OldestUndelivered', 'WaitingForOperator']);
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
