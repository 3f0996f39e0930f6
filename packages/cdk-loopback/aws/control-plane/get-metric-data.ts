import { z } from 'zod/mini';
import { type MetricQuery, prepareQueries } from '../../metrics/metric-query.ts';
import { type MetricStore, units } from '../../metrics/metric-store.ts';
import { type Axis, checkPeriod, type Series } from '../../metrics/series.ts';
import { InvalidCall } from './invalid-call.ts';

/** @throws {InvalidCall} naming what CloudWatch would refuse, and what is not known here */
export function getMetricData(given: object, store: MetricStore) {
  const parsed = inputFields.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new InvalidCall(problems.join('; '), 'ValidationError');
  }
  const { MetricDataQueries, ScanBy = 'TimestampDescending' } = parsed.data;
  const wanted = MetricDataQueries.filter(({ ReturnData = true }) => ReturnData);
  const axis = axisOf(parsed.data);
  const set = prepared(MetricDataQueries.map(queryOf));
  const results = wanted.flatMap(({ Id, Label }) =>
    set.evaluate(Id, store, axis).map((series) => ({
      Id,
      Label: Label ?? Id,
      StatusCode: 'Complete',
      ...pointsOf(series, axis, ScanBy),
    })),
  );
  return { MetricDataResults: results, Messages: [] };
}

function prepared(queries: readonly MetricQuery[]) {
  try {
    return prepareQueries(queries);
  } catch (error) {
    throw new InvalidCall((error as Error).message, 'ValidationError');
  }
}

type Input = z.infer<typeof inputFields>;

/** All queries of a call on one axis: here they must have one period. */
function axisOf({ StartTime, EndTime, MetricDataQueries }: Input): Axis {
  if (StartTime >= EndTime)
    throw new InvalidCall(
      'The parameter StartTime must be less than the parameter EndTime.',
      'ValidationError',
    );
  const periods = new Set(MetricDataQueries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
  const [period = 60, ...others] = periods;
  if (others.length > 0) throw new InvalidCall('queries of several periods in one call are not known here');
  const periodMs = checkPeriod(period);
  const start = Math.floor((StartTime * 1_000) / periodMs) * periodMs;
  return { start, periodMs, count: Math.ceil((EndTime * 1_000 - start) / periodMs) };
}

function queryOf({ Id, MetricStat, Expression }: Input['MetricDataQueries'][number]): MetricQuery {
  if ((MetricStat === undefined) === (Expression === undefined))
    throw new InvalidCall(`${Id}: one of MetricStat and Expression is required`, 'ValidationError');
  if (MetricStat === undefined) return { kind: 'expression', id: Id, expression: Expression! };
  const { Namespace, MetricName, Dimensions = [] } = MetricStat.Metric;
  return {
    kind: 'metric',
    id: Id,
    metric: {
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    },
    statistic: MetricStat.Stat,
    unit: MetricStat.Unit,
  };
}

function pointsOf(series: Series, { start, periodMs }: Axis, scanBy: string) {
  const points = series.flatMap((value, index) =>
    value === undefined ? [] : [{ time: (start + index * periodMs) / 1_000, value }],
  );
  const ordered = scanBy === 'TimestampAscending' ? points : points.toReversed();
  return { Timestamps: ordered.map(({ time }) => time), Values: ordered.map(({ value }) => value) };
}

/** As the JSON protocol sends it: times are seconds since the epoch. */
const inputFields = z.strictObject({
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.optional(z.enum(['TimestampDescending', 'TimestampAscending'])),
  MetricDataQueries: z
    .array(
      z.strictObject({
        Id: z.string().check(z.regex(/^[a-z][A-Za-z0-9_]{0,254}$/)),
        Label: z.optional(z.string()),
        ReturnData: z.optional(z.boolean()),
        Expression: z.optional(z.string()),
        MetricStat: z.optional(
          z.strictObject({
            Metric: z.strictObject({
              Namespace: z.string(),
              MetricName: z.string(),
              Dimensions: z.optional(
                z.array(z.strictObject({ Name: z.string(), Value: z.string() })).check(z.maxLength(30)),
              ),
            }),
            Period: z.int().check(z.minimum(1)),
            Stat: z.string(),
            Unit: z.optional(z.enum(units)),
          }),
        ),
      }),
    )
    .check(z.minLength(1), z.maxLength(500)),
});
