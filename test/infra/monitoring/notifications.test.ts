import {
  type AlarmState,
  createAlarmEvaluator,
  createMetricStore,
  readAlarm,
} from '@mosaic-relay/cdk-loopback';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlarmName, alarmSeverities } from '../../../infra/config/alarm-names.ts';
import { everySort, monitoredStream } from './monitored.ts';

const { alarms: declared } = monitoredStream({ name: 'one', destinations: everySort, witness: 'recover' });
const names = [...declared.keys()];
const severityOf = (name: string) => alarmSeverities[name.slice(name.lastIndexOf('-') + 1) as AlarmName];

/** The alarms of a template, of which only names and topics count here: states are set. */
function evaluatorOf() {
  const alarms = [...declared].map(([name, { AlarmActions, OKActions, Dimensions: _, ...rest }]) =>
    readAlarm(name, {
      ...rest,
      AlarmActions: AlarmActions.map((topic: object) => JSON.stringify(topic)),
      OKActions: OKActions.map((topic: object) => JSON.stringify(topic)),
    }),
  );
  return createAlarmEvaluator({ store: createMetricStore(), alarms, composites: [] });
}

const topicOf = (name: string): string => JSON.stringify(declared.get(name).AlarmActions[0]);
const topics = [...new Set(names.map(topicOf))];
const states: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const step = fc.record({ name: fc.constantFrom(...names), to: fc.constantFrom(...states) });

test('each severity has one topic', () => {
  expect(topics).toHaveLength(2);
  expect(new Set(names.map((name) => `${severityOf(name)} ${topicOf(name)}`)).size).toBe(2);
});

test('no alarm that is red beforehand keeps another from being told: each tells of its own changes', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
      const evaluator = evaluatorOf();
      const expected = new Map(topics.map((topic) => [topic, [] as string[]]));
      const now = new Map<string, AlarmState>();
      for (const [time, { name, to }] of steps.entries()) {
        evaluator.set(name, { to, reason: 'drawn' }, time);
        if ((now.get(name) ?? 'INSUFFICIENT_DATA') !== to && to !== 'INSUFFICIENT_DATA')
          expected.get(topicOf(name))?.push(`${time} ${name} ${to}`);
        now.set(name, to);
      }
      for (const [topic, changes] of expected) {
        const told = evaluator.toldTo(topic).map(({ time, name, to }) => `${time} ${name} ${to}`);
        expect(told).toEqual(changes);
      }
    }),
    { numRuns: 200 },
  );
});

test('with every other alarm red, an alarm that goes red is told', () => {
  for (const name of names) {
    const evaluator = evaluatorOf();
    for (const other of names) if (other !== name) evaluator.set(other, { to: 'ALARM', reason: 'before' }, 0);
    evaluator.set(name, { to: 'ALARM', reason: 'last' }, 1);
    expect(evaluator.toldTo(topicOf(name)).at(-1)).toMatchObject({ name, to: 'ALARM', time: 1 });
  }
});
