import { describe, expect, test } from 'vitest';
import { collectorMetrics } from '../../../functions/collector/contract.ts';
import { type Counters, zeroCounters } from '../../../functions/collector/protocol/counters.ts';
import type { RunReport } from '../../../functions/collector/protocol/run-report.ts';
import type { ScheduleState } from '../../../functions/collector/protocol/schedule-state.ts';
import {
  destinationGauges,
  runMetrics,
  scheduleMetrics,
  stageMetrics,
  sweepMetrics,
} from '../../../functions/collector/run-metrics.ts';
import { RelayError } from '../../../functions/relay-error.ts';
import type { RunOutcome, RunRecord } from '../../../functions/stored/run-item.ts';
import { eventMetrics } from '../../../infra/config/cost-at-rest.ts';
import { idleWork } from '../../../infra/config/idle-work.ts';

const endedAt = Date.parse('2026-03-02T08:00:00Z');

function ended(changes: {
  counters?: Partial<Counters>;
  record?: Partial<RunRecord>;
  error?: RelayError;
  before?: RunOutcome | undefined;
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
  const before = 'before' in changes ? changes.before : 'drained';
  return { kind: 'ended', record, before, counters, error: changes.error, left: {} };
}

const told = (report: RunReport) => Object.fromEntries(runMetrics(report));

describe('a run', () => {
  test('that found nothing, as the run before, tells that it succeeded, and no more', () => {
    const metrics = told(ended({ counters: { collectMs: [80, 20] } }));
    expect(metrics).toEqual({ RunSucceeded: 1 });
    expect(Object.keys(metrics)).toEqual(idleWork.collect.metrics);
  });

  test('that found events tells how many beside, and no more', () => {
    const counters = { events: 7, batches: 1, sourceBytes: 9_000, collectMs: [80, 20] };
    const names = Object.keys(told(ended({ counters, record: { events: 7 } })));
    expect(names.toSorted()).toEqual([...idleWork.collect.metrics, ...eventMetrics.ofStream].toSorted());
  });

  test.each(['out-of-time', 'caught-up', 'failed', undefined] as const)(
    'that found nothing after one that was %s tells that no backlog is left',
    (before) => {
      expect(told(ended({ before }))).toEqual({ RunSucceeded: 1, EventLag: 0 });
    },
  );

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
    lacking: {},
    lastRunAt: undefined,
    error: undefined,
  };

  test('that found nothing tells that nothing is undelivered, and no more', () => {
    expect(Object.fromEntries(sweepMetrics(report))).toEqual({ OldestUndelivered: 0 });
  });

  test('of a stream at rest sends the metrics that the cost at rest counts, and no more', () => {
    const schedule = { kind: 'on', changedAt: endedAt } as const;
    const values = [
      ...sweepMetrics(report),
      ...scheduleMetrics(schedule, { lastRunAt: endedAt, now: endedAt + 60_000 }),
    ];
    expect(values.map(([name]) => name)).toEqual(idleWork.sweep.metrics);
  });

  test('tells what waits for an operator while something does', () => {
    const names = sweepMetrics({ ...report, waitingForOperator: 2, oldestOwedToRemovedMs: 5_000 });
    expect(Object.fromEntries(names)).toEqual({
      OldestUndelivered: 0,
      WaitingForOperator: 2,
      OldestOwedToRemoved: 5,
    });
  });
});

describe('the time without a run, as a sweep tells it,', () => {
  const now = 1_000_000;
  const of = (schedule: ScheduleState | undefined, lastRunAt?: number) =>
    Object.fromEntries(scheduleMetrics(schedule, { lastRunAt, now }));

  test('counts from the last run', () => {
    expect(of({ kind: 'on', changedAt: 0 }, now - 61_400)).toEqual({ SinceLastRun: 61 });
  });

  test('counts from the change of a schedule after which there was no run', () => {
    const changed = { kind: 'on', changedAt: now - 5_000 } as const;
    expect(of(changed).SinceLastRun).toBe(5);
    expect(of(changed, now - 61_400).SinceLastRun).toBe(5);
  });

  test('is 0 while the stream is paused by relay pause, and at no other time', () => {
    expect(of({ kind: 'paused' }, now - 61_400)).toEqual({ SinceLastRun: 0, Paused: 1 });
    expect(of({ kind: 'on', changedAt: 0 }, now - 400)).toEqual({ SinceLastRun: 1 });
  });

  test('goes on counting while the schedule was disabled in another way', () => {
    const off = { kind: 'off', changedAt: now - 7_000 } as const;
    expect(of(off, now - 61_400)).toEqual({ SinceLastRun: 7, Paused: 1 });
  });

  test('is silent where the schedule is gone', () => {
    expect(of({ kind: 'gone' }, now - 61_400)).toEqual({});
  });

  test('counts from the last run where Scheduler does not answer', () => {
    expect(of(undefined, now - 61_400).SinceLastRun).toBe(61);
  });
});

test('what waits is told of each destination of the settings that lacks something, in events and with its age', () => {
  const report = {
    givenUp: { splunk: 3, gone: 2 },
    lacking: { splunk: { events: 8_340, oldestMs: 12_000_400 }, gcs: { events: 1, oldestMs: 0 } },
  };
  expect(destinationGauges(report, ['s3', 'splunk', 'gcs'])).toEqual([
    ['splunk', 'GivenUp', 3],
    ['splunk', 'Waiting', 8_340],
    ['splunk', 'WaitingAge', 12_000],
    ['gcs', 'Waiting', 1],
  ]);
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
