import { expect, test } from 'vitest';
import { readAlarm } from '../../metrics/alarm-definition.ts';
import { type AlarmEvaluator, createAlarmEvaluator } from '../../metrics/alarm-evaluator.ts';
import { readComposite } from '../../metrics/composite-definition.ts';
import { createMetricStore, minuteMs } from '../../metrics/metric-store.ts';

const start = Date.UTC(2026, 2, 2, 8);
const dimensions = { Stage: 'dev', Stream: 'cis' };

const properties = {
  AlarmName: 'dev-cis-failing',
  Namespace: 'MosaicSiemRelay',
  MetricName: 'RunSucceeded',
  Dimensions: [
    { Name: 'Stream', Value: 'cis' },
    { Name: 'Stage', Value: 'dev' },
  ],
  Statistic: 'Minimum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 1,
  ComparisonOperator: 'LessThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: ['arn:aws:sns:us-east-1:123456789012:dev'],
};

test('an alarm goes red after M breaching periods, back after a good one, and tells whoever it names', () => {
  const { pass, evaluator } = room([readAlarm('failing', properties)]);

  pass([1, 0, 0, 0, 1, 1]);

  expect(changes(evaluator)).toEqual(['1 failing OK', '3 failing ALARM', '5 failing OK']);
  expect(evaluator.history[1]).toMatchObject({ told: ['arn:aws:sns:us-east-1:123456789012:dev'] });
  expect(evaluator.history[1]?.reason).toBe('0, 0 against < 1');
  expect(evaluator.history[2]?.told).toEqual([]);
});

test('missing data that breaches raises an alarm once the evaluation range has none, and never before', () => {
  const notRunning = { ...properties, Statistic: 'SampleCount', TreatMissingData: 'breaching' };
  const { pass, evaluator } = room([readAlarm('not-running', notRunning)]);

  pass([1, 1, none, none, none, none, 1]);

  // Two periods and the two further ones that CloudWatch looks at: with one real datum left, one is filled in.
  expect(changes(evaluator)).toEqual(['1 not-running OK', '6 not-running ALARM', '7 not-running OK']);
});

test('missing data that is ignored keeps the state', () => {
  const { pass, evaluator } = room([readAlarm('failing', { ...properties, TreatMissingData: 'ignore' })]);

  pass([0, 0, none, none, none, none, none, none]);

  expect(evaluator.stateOf('failing')).toBe('ALARM');
});

test('missing data that is missing comes to INSUFFICIENT_DATA', () => {
  const { TreatMissingData: _, ...byDefault } = properties;
  const { pass, evaluator } = room([readAlarm('failing', byDefault)]);

  pass([1, 1, none, none, none, none]);

  expect(evaluator.stateOf('failing')).toBe('INSUFFICIENT_DATA');
});

test('a longer period slides along by the minute', () => {
  const alarm = readAlarm('loss', {
    ...properties,
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 3,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  const { pass, evaluator } = room([alarm]);

  pass([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0]);

  expect(changes(evaluator)).toEqual(['1 loss OK', '7 loss ALARM', '10 loss OK']);
});

test('an alarm on metric math judges the entry that returns data', () => {
  const { Namespace, MetricName, Dimensions, Statistic, Period, ...rest } = properties;
  const stat = (Stat: string) => ({ Metric: { Namespace, MetricName, Dimensions }, Period, Stat });
  const alarm = readAlarm('share', {
    ...rest,
    Metrics: [
      { Id: 'share', Expression: 'good / runs' },
      { Id: 'good', MetricStat: stat('Sum'), ReturnData: false },
      { Id: 'runs', MetricStat: stat('SampleCount'), ReturnData: false },
    ],
  });
  const { pass, evaluator } = room([alarm]);

  pass([0, 0]);

  expect(evaluator.stateOf('share')).toBe('ALARM');
});

test('a composite alarm follows its children, also those that are composite', () => {
  const failing = readAlarm('failing', properties);
  const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:failing';
  const composites = [
    readComposite('stage', { AlarmRule: 'ALARM("stream") AND NOT OK(failing)' }),
    readComposite('stream', { AlarmRule: `ALARM("${arn}") OR FALSE` }),
  ];
  const { pass, evaluator } = room([failing], composites);

  pass([1, 0, 0, 1]);

  expect(changes(evaluator).filter((change) => !change.includes('failing'))).toEqual([
    '1 stream OK',
    '1 stage OK',
    '3 stream ALARM',
    '3 stage ALARM',
    '4 stream OK',
    '4 stage OK',
  ]);
});

test('a topic is told of each change, and of nothing while a state stays', () => {
  const [arn = ''] = properties.AlarmActions;
  const { pass, evaluator } = room([readAlarm('failing', { ...properties, OKActions: [arn] })]);

  pass([1, 0, 0, 0, 0, 1, 1]);

  const told = evaluator.toldTo(arn).map(({ name, from, to }) => `${name} ${from} ${to}`);
  expect(told).toEqual(['failing INSUFFICIENT_DATA OK', 'failing OK ALARM', 'failing ALARM OK']);
  expect(evaluator.toldTo('arn:aws:sns:us-east-1:123456789012:another')).toEqual([]);
});

test('a composite alarm that is red already tells nobody of a second red alarm', () => {
  const quiet = { ...properties, AlarmActions: [] };
  const [arn = ''] = properties.AlarmActions;
  const over = { AlarmRule: 'ALARM(one) OR ALARM(two)', AlarmActions: [arn] };
  const { evaluator } = room(
    [readAlarm('one', quiet), readAlarm('two', quiet)],
    [readComposite('over', over)],
  );

  evaluator.set('one', { to: 'ALARM', reason: 'first' }, start);
  evaluator.set('two', { to: 'ALARM', reason: 'second' }, start + minuteMs);

  expect(evaluator.toldTo(arn).map(({ reason }) => reason)).toEqual(['in ALARM: one']);
});

test.each<[string, object, RegExp]>([
  ['an unknown property', { ThresholdMetricId: 'ad1' }, /does not know ThresholdMetricId/],
  ['an unknown statistic', { Statistic: undefined, ExtendedStatistic: 'tm99' }, /statistic tm99/],
  ['a period of seconds', { Period: 10 }, /whole minutes/],
  ['more than a day of short periods', { Period: 300, EvaluationPeriods: 289 }, /above 1 days/],
  ['more than a week of hours', { Period: 3600, EvaluationPeriods: 169 }, /above 7 days/],
  ['M above N', { DatapointsToAlarm: 3 }, /DatapointsToAlarm/],
  ['a comparison with a band', { ComparisonOperator: 'GreaterThanUpperThreshold' }, /ComparisonOperator/],
  ['a description above 1,024 characters', { AlarmDescription: 'x'.repeat(1025) }, /AlarmDescription/],
  ['no metric at all', { MetricName: undefined }, /neither Metrics nor/],
])('%s is refused, naming the alarm', (_, change, problem) => {
  expect(() => readAlarm('failing', { ...properties, ...change })).toThrow(problem);
  expect(() => readAlarm('failing', { ...properties, ...change })).toThrow('alarm failing:');
});

test.each([
  ['ALARM(a) XOR ALARM(b)', /XOR is one too many/],
  ['RED(a)', /does not know RED/],
  ['ALARM(a', /expected \)/],
  ['', /does not know an empty rule/],
  [Array.from({ length: 101 }, (_, index) => `OK(a${index})`).join(' OR '), /101 alarms in one rule/],
])('the rule %.30s is refused', (rule, problem) => {
  expect(() => readComposite('stage', { AlarmRule: rule })).toThrow(problem);
});

test('a composite alarm about an alarm that is not there is refused', () => {
  const composites = [readComposite('stage', { AlarmRule: 'ALARM(nobody)' })];
  expect(() => room([], composites)).toThrow('there is no alarm nobody');
});

test('composite alarms about one another are refused', () => {
  const composites = [
    readComposite('a', { AlarmRule: 'ALARM(b)' }),
    readComposite('b', { AlarmRule: 'ALARM(a)' }),
  ];
  expect(() => room([], composites)).toThrow('asks about itself');
});

const none = undefined;

/** Minutes in which `RunSucceeded` has a value or nothing, each judged when it has ended. */
function room(
  alarms: readonly ReturnType<typeof readAlarm>[],
  composites: readonly ReturnType<typeof readComposite>[] = [],
) {
  const store = createMetricStore();
  const evaluator = createAlarmEvaluator({ store, alarms, composites });
  const metric = { namespace: 'MosaicSiemRelay', name: 'RunSucceeded', dimensions };
  const pass = (values: readonly (number | undefined)[]) => {
    for (const [minute, value] of values.entries()) {
      const time = start + minute * minuteMs;
      if (value !== undefined) store.add(metric, { time, value, unit: 'Count' });
      evaluator.evaluate(time + minuteMs);
    }
  };
  return { evaluator, pass };
}

/** `3 failing ALARM`: after so many minutes. */
function changes(evaluator: AlarmEvaluator): readonly string[] {
  return evaluator.history.map(({ time, name, to }) => `${(time - start) / minuteMs} ${name} ${to}`);
}
