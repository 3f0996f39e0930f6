import { expect, test } from 'vitest';
import { observe } from '../../../cli/advise/observed.ts';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { drainedRun } from './run-record.ts';

const firstStart = Date.UTC(2026, 2, 1);

function record(index: number, facts: Partial<RunRecord> = {}): RunRecord {
  return drainedRun(index, firstStart + index * 60_000, facts);
}

test('rate, size, latencies and schedule follow from the runs', () => {
  const observed = observe(Array.from({ length: 11 }, (_, index) => record(index)));

  expect(observed).toMatchObject({
    load: { eventsPerSecond: 20, eventBytes: 700 },
    timing: { collectMs: 200, journalMs: 30 },
    everySeconds: 60,
    runs: 11,
    answers: { full: 11, short: 11, empty: 22 },
    outOfTime: 0,
  });
});

test("the first run's events do not count: they were raised before the first start", () => {
  const observed = observe([record(0, { events: 900_000 }), record(1), record(2)]);

  expect(observed).toMatchObject({ load: { eventsPerSecond: 20 } });
});

test('runs that were killed or recovered change neither latencies nor schedule, and the killed ones brought events', () => {
  const swept = { outcome: 'swept', events: 0, collectMs: 0, journalMs: 0, fullAnswers: 0 } as const;
  const records = Array.from({ length: 21 }, (_, index) => record(index, index % 4 === 1 ? swept : {}));
  const recovered = record(7, { ...swept, outcome: 'recovered', startedAt: records[7]!.startedAt + 1 });

  expect(observe(records.toSpliced(8, 0, recovered))).toMatchObject({
    load: { eventsPerSecond: 20, eventBytes: 700 },
    timing: { collectMs: 200, journalMs: 30 },
    everySeconds: 60,
    runs: 16,
  });
});

test.each([
  ['no runs', [], 'it has no runs in that time'],
  ['one run', [record(0)], 'it has one run, and a rate needs two'],
  ['no events', [record(0), record(1, { events: 0 })], 'its 2 runs brought no events'],
])('a history of %s says what is missing', (_, records, missing) => {
  expect(observe(records)).toEqual({ missing });
});
