import { expect, test } from 'vitest';
import { prepareQueries } from '../../metrics/metric-query.ts';
import { createMetricStore, minuteMs } from '../../metrics/metric-store.ts';
import type { Series } from '../../metrics/series.ts';

const start = Date.UTC(2026, 2, 2, 8);

/** Evaluates an expression of `m1` and `m2`, which have a value or nothing in each of three minutes. */
function evaluate(
  expression: string,
  m1: Series = [1, 2, 3],
  m2: Series = [10, undefined, 30],
): readonly Series[] {
  const store = createMetricStore();
  const metrics = { m1, m2 };
  for (const [name, values] of Object.entries(metrics)) {
    for (const [minute, value] of values.entries()) {
      const time = start + minute * minuteMs;
      if (value !== undefined) store.add(identity(name), { time, value, unit: 'Count' });
    }
  }
  const queries = prepareQueries([
    { kind: 'metric', id: 'm1', metric: identity('m1'), statistic: 'Sum' },
    { kind: 'metric', id: 'm2', metric: identity('m2'), statistic: 'Sum' },
    { kind: 'expression', id: 'e1', expression },
  ]);
  return queries.evaluate('e1', store, { start, periodMs: minuteMs, count: 3 });
}

function identity(name: string) {
  return { namespace: 'Test', name, dimensions: {} };
}

const none = undefined;

test.each<[string, Series]>([
  ['m1 + 2 * 3', [7, 8, 9]],
  ['(m1 + 2) * 3', [9, 12, 15]],
  ['-m1 ^ 2', [-1, -4, -9]],
  ['m1 - 1 - 1', [-1, 0, 1]],
  ['m2 / m1', [10, 0, 10]],
  ['m1 + m2', [11, 2, 33]],
  ['m2 + 1', [11, none, 31]],
  ['m2 < m1', [0, 1, 0]],
  ['m2 - m2', [0, none, 0]],
  ['m1 / 0', [none, none, none]],
  ['100*(m1/m2)', [10, none, 10]],
  ['m1 >= 2 AND m1 < 3', [0, 1, 0]],
  ['m1 > 2 || m1 == 1', [1, 0, 1]],
  ['IF(m1 > 1, m1, 0)', [0, 2, 3]],
  ['IF(m1 > 1, m1)', [none, 2, 3]],
  ['IF(m2 > 0, 1, 2)', [1, none, 1]],
  ['IF(m1, m2, 5)', [10, 0, 30]],
  ['IF(m1 - 1, m1, m2)', [10, 2, 3]],
  ['IF(m1 - 2, m1, m2)', [1, none, 3]],
  ['FILL(m2, 0)', [10, 0, 30]],
  ['FILL(m2, REPEAT)', [10, 10, 30]],
  ['FILL(m2, m1)', [10, 2, 30]],
  ['SUM([m1, m2])', [11, 2, 33]],
  ['MAX([m1, m2])', [10, 2, 30]],
  ['MIN(METRICS())', [1, 2, 3]],
  ['SUM(METRICS("m2"))', [10, none, 30]],
  ['AVG(METRICS("m"))', [5.5, 2, 16.5]],
  ['m1 / MAX(m1)', [1 / 3, 2 / 3, 1]],
  ['SUM(m1)', [6, 6, 6]],
  ['RATE(m1)', [none, 1 / 60, 1 / 60]],
  ['DIFF(m1)', [none, 1, 1]],
  ['RUNNING_SUM(m2)', [10, 10, 40]],
  ['m1 / PERIOD(m1)', [1 / 60, 2 / 60, 3 / 60]],
  ['CEIL(m1 / 2)', [1, 1, 2]],
  ['ABS(0 - m1)', [1, 2, 3]],
])('%s', (expression, expected) => {
  const [series, ...more] = evaluate(expression);

  expect(more).toEqual([]);
  expect(series).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) {
    if (value === undefined) expect(series![index]).toBeUndefined();
    else expect(series![index]).toBeCloseTo(value, 10);
  }
});

test('a list of series keeps each of them', () => {
  expect(evaluate('METRICS() * 2')).toEqual([
    [2, 4, 6],
    [20, none, 60],
  ]);
});

test.each([
  ['ANOMALY_DETECTION_BAND(m1)', /does not know the function ANOMALY_DETECTION_BAND/],
  ["SEARCH('x', 'Sum')", /does not know the function SEARCH/],
  ['FILL(m2, LINEAR)', /does not know FILL with LINEAR/],
  ['m1 % 2', /does not know %/],
  ['m1 +', /expected more/],
  ['m1 m2', /m2 is one too many/],
  ['(m1', /expected \)/],
  ['IF(m1)', /IF takes 2 to 3 arguments, not 1/],
  ['m3 + 1', /names m3/],
  ['e1 + 1', /refers to itself/],
  ['METRICS() + METRICS()', /does not combine two lists/],
])('%s is refused, and says why', (expression, problem) => {
  expect(() => evaluate(expression)).toThrow(problem);
});

test('an id that is given twice is refused', () => {
  const query = { kind: 'metric', id: 'm1', metric: identity('m1'), statistic: 'Sum' } as const;
  expect(() => prepareQueries([query, query])).toThrow('m1 is given twice');
});
