import { createAlarmEvaluator, createMetricStore, readAlarm } from '@mosaic-relay/cdk-loopback';
import { describe, expect, test } from 'vitest';
import { collectorMetrics } from '../../../functions/collector/contract.ts';
import type { ScheduleState } from '../../../functions/collector/protocol/schedule-state.ts';
import { type MetricValue, scheduleMetrics } from '../../../functions/collector/run-metrics.ts';
import { metricNamespace } from '../../../functions/metric-namespace.ts';
import { firstGauges } from '../../../functions/stream-lifecycle/contract.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { monitoredStream } from './monitored.ts';

const start = Date.UTC(2026, 2, 2, 8);
const stepMs = 5 * 60_000;
const hourMs = 12 * stepMs;
const dayMs = 24 * hourMs;

/** A stream as its alarms see it: sweeps every five minutes, and runs at its ticks. */
interface Life {
  now: number;
  schedule: ScheduleState;
  sweeps: boolean;
  runs: boolean;
  events: number;
  pass(forMs: number): void;
  /** Alarms that went to ALARM, of the topic of a severity, in their order. */
  red(severity: 'urgent' | 'waiting'): readonly string[];
  states(state: string): readonly string[];
}

interface Beginning {
  /** Whether the first value that the stream lifecycle emits arrives. */
  readonly firstValue?: boolean;
  readonly firstTickMs?: number;
}

function beginLife(
  settings: Partial<StreamSettings>,
  everyMs: number,
  { firstValue = true, firstTickMs = everyMs }: Beginning = {},
): Life {
  const { alarms: declared } = monitoredStream({ name: 'one', ...settings });
  const store = createMetricStore();
  // The stream lifecycle does not run here: kept-waiting.test.ts has its alarm.
  const ofStreams = [...declared].filter(([name]) => !name.endsWith('-LifecycleFailing'));
  const alarms = ofStreams.map(([name, properties]) => readAlarm(name, asTexts(properties) as object));
  const evaluator = createAlarmEvaluator({ store, alarms, composites: [] });
  const dimensions = { Stage: 'test', Stream: 'one' };
  const short = (name: string) => name.slice(name.lastIndexOf('-') + 1);
  let lastRunAt: number | undefined;
  const life: Life = {
    now: start,
    schedule: { kind: 'on', changedAt: start },
    sweeps: true,
    runs: true,
    events: 5,
    pass: (forMs) => {
      for (const end = life.now + forMs; life.now < end; life.now += stepMs) step();
    },
    red: (severity) =>
      evaluator.history
        .filter(
          ({ name, to }) => to === 'ALARM' && topicOf(name).includes('Waiting') === (severity === 'waiting'),
        )
        .map(({ name }) => short(name)),
    states: (state) =>
      evaluator
        .states()
        .filter((alarm) => alarm.state === state)
        .map(({ name }) => short(name)),
  };
  const topicOf = (name: string): string => alarms.find((alarm) => alarm.name === name)!.actions.ALARM.join();
  const emit = (values: readonly MetricValue[]): void => {
    for (const [name, value] of values)
      store.add(
        { namespace: metricNamespace, name, dimensions },
        { time: life.now, value, unit: collectorMetrics[name] },
      );
  };
  const step = (): void => {
    const ticks = life.now >= start + firstTickMs && (life.now - start - firstTickMs) % everyMs === 0;
    if (ticks && life.runs && life.schedule.kind === 'on') {
      lastRunAt = life.now;
      emit([['RunSucceeded', 1]]);
      if (life.events > 0) emit([['EventsCollected', life.events]]);
    }
    if (life.sweeps && life.now > start) {
      emit([['OldestUndelivered', 0]]);
      emit(scheduleMetrics(life.schedule, { lastRunAt, now: life.now }));
    }
    evaluator.evaluate(life.now);
  };
  if (firstValue) emit(firstGauges.map((name) => [name, 0] as const));
  return life;
}

/** The properties with a text in the place of each reference. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::'))) return JSON.stringify(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asTexts(inner)]));
}

describe('nobody is told of', () => {
  test.each<readonly [string, Partial<StreamSettings>, number]>([
    ['5 minutes', {}, stepMs],
    ['12 hours', {}, 12 * hourMs],
    ['4 days', { alarms: { quiet: 'off' } }, 4 * dayMs],
  ])(
    'a new stream that is collected every %s, before its first tick and after it',
    (every, more, everyMs) => {
      const life = beginLife({ every, ...more }, everyMs);
      life.pass(everyMs + 2 * hourMs);
      expect([...life.red('urgent'), ...life.red('waiting')]).toEqual([]);
      expect(life.states('OK')).toEqual(expect.arrayContaining(['NotRunning', 'Undelivered']));
      if (more.alarms?.quiet !== 'off') expect(life.states('OK')).toContain('Silent');
    },
  );

  test('a new stream whose first value comes after the first evaluations, or never', () => {
    const life = beginLife({ every: '12 hours' }, 12 * hourMs, { firstValue: false });
    life.sweeps = false;
    life.pass(2 * hourMs);
    expect(life.states('INSUFFICIENT_DATA')).toEqual(expect.arrayContaining(['NotRunning', 'Undelivered']));
    life.sweeps = true;
    life.pass(2 * hourMs);
    expect([...life.red('urgent'), ...life.red('waiting')]).toEqual([]);
  });

  test('a pause by relay pause, for days and until after resume, but that Paused tells the waiting topic', () => {
    const life = beginLife({ every: '1 hour', alarms: { quiet: '6 hours' } }, hourMs);
    life.pass(8 * hourMs);
    life.schedule = { kind: 'paused' };
    life.pass(4 * dayMs);
    life.schedule = { kind: 'on', changedAt: life.now };
    life.pass(8 * hourMs);
    expect(life.red('urgent')).toEqual([]);
    expect(life.red('waiting')).toEqual(['Paused']);
    expect(life.states('ALARM')).toEqual([]);
  });
});

describe('somebody is told of', () => {
  const begun = () => {
    const life = beginLife({ every: '1 hour' }, hourMs);
    life.pass(6 * hourMs);
    expect([...life.red('urgent'), ...life.red('waiting')]).toEqual([]);
    return life;
  };

  test('a stop of everything, within half an hour, and for as long as it lasts', () => {
    const life = begun();
    life.sweeps = false;
    life.runs = false;
    life.pass(hourMs / 2);
    expect(life.red('urgent').toSorted()).toEqual(['NotRunning', 'Undelivered']);
    life.pass(2 * dayMs);
    expect(life.states('ALARM')).toEqual(expect.arrayContaining(['NotRunning', 'Undelivered']));
    expect(life.red('urgent')).toHaveLength(2);
    life.sweeps = true;
    life.runs = true;
    life.pass(3 * hourMs);
    expect(life.states('ALARM')).toEqual([]);
  });

  test('a new stream whose function never starts, within half an hour', () => {
    const life = beginLife({ every: '12 hours' }, 12 * hourMs);
    life.sweeps = false;
    life.runs = false;
    life.pass(hourMs / 2);
    expect(life.red('urgent').toSorted()).toEqual(['NotRunning', 'Undelivered']);
  });

  test('a schedule that is deleted, within half an hour, though sweeps go on', () => {
    const life = begun();
    life.schedule = { kind: 'gone' };
    life.pass(hourMs / 2);
    expect(life.red('urgent')).toEqual(['NotRunning']);
  });

  test('a schedule that is disabled in the console, once two ticks are missing', () => {
    const life = begun();
    life.schedule = { kind: 'off', changedAt: life.now };
    life.pass(hourMs);
    expect([life.red('urgent'), life.red('waiting')]).toEqual([[], ['Paused']]);
    life.pass(2 * hourMs);
    expect(life.red('urgent')).toEqual(['NotRunning']);
  });

  test('a missing run, by the first sweep after the time that the settings say', () => {
    const life = beginLife({ every: '1 hour', alarms: { notRunning: '90 minutes' } }, hourMs);
    // The last run is an hour old then.
    life.pass(6 * hourMs);
    life.runs = false;
    life.pass(hourMs / 2 + stepMs);
    expect(life.red('urgent')).toEqual([]);
    // That sweep, and the evaluation that sees it.
    life.pass(2 * stepMs);
    expect(life.red('urgent')).toEqual(['NotRunning']);
  });

  test('ticks that reach no function, once two are missing, also when there never was a run', () => {
    for (const life of [begun(), beginLife({ every: '1 hour' }, hourMs)]) {
      life.runs = false;
      life.pass(3 * hourMs);
      expect(life.red('urgent')).toEqual(['NotRunning']);
    }
  });

  test('silence that had begun before sweeps failed for two hours, as if they had not', () => {
    const life = beginLife({ every: '1 hour', alarms: { quiet: '6 hours' } }, hourMs);
    life.pass(2 * hourMs);
    life.events = 0;
    life.pass(2 * hourMs);
    life.sweeps = false;
    life.pass(2 * hourMs);
    life.sweeps = true;
    life.pass(3 * hourMs);
    expect(life.red('waiting')).toEqual(['Silent']);
  });

  test('a new stream without an event, once it was silent for longer than is usual', () => {
    const life = beginLife({ every: '1 hour', alarms: { quiet: '6 hours' } }, hourMs);
    life.events = 0;
    life.pass(5 * hourMs);
    expect(life.red('waiting')).toEqual([]);
    life.pass(2 * hourMs);
    expect(life.red('waiting')).toEqual(['Silent']);
  });
});
