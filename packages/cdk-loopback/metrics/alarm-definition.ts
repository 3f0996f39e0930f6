import { z } from 'zod/mini';
import { type Judgement, missingTreatments } from './judge.ts';
import { type MetricQuery, prepareQueries, type QuerySet } from './metric-query.ts';
import { units } from './metric-store.ts';
import { checkPeriod } from './series.ts';

/** A metric alarm, as the template declares it. */
export interface AlarmDefinition extends Judgement, AlarmActions {
  readonly name: string;
  readonly description: string;
  readonly queries: readonly MetricQuery[];
  /** The one that is compared. */
  readonly watched: string;
  readonly querySet: QuerySet;
  readonly periodMs: number;
  readonly threshold: number;
  readonly comparison: ThresholdComparison;
}

/** ARNs that are told of a state; none where `ActionsEnabled` is false. */
export interface AlarmActions {
  readonly actions: Readonly<Record<'OK' | 'ALARM' | 'INSUFFICIENT_DATA', readonly string[]>>;
}

export const comparisons = {
  GreaterThanOrEqualToThreshold: {
    sign: '≥',
    breaches: (value: number, threshold: number) => value >= threshold,
  },
  GreaterThanThreshold: { sign: '>', breaches: (value: number, threshold: number) => value > threshold },
  LessThanThreshold: { sign: '<', breaches: (value: number, threshold: number) => value < threshold },
  LessThanOrEqualToThreshold: {
    sign: '≤',
    breaches: (value: number, threshold: number) => value <= threshold,
  },
} as const;
export type ThresholdComparison = keyof typeof comparisons;

/**
 * Reads the resolved properties of an `AWS::CloudWatch::Alarm`.
 *
 * @throws naming what CloudWatch would refuse, and what is not known here
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function readAlarm(physicalName: string, given: object): AlarmDefinition {
  const refuse = (problem: string): never => {
    throw new Error(`alarm ${physicalName}: ${problem}`);
  };
  const parsed = alarmProperties.safeParse(given);
  if (!parsed.success) return refuse(describeIssues(parsed.error));
  const { data } = parsed;
  try {
    const { queries, watched, periodMs } = data.Metrics ? manyQueries(data.Metrics) : oneQuery(data);
    const evaluationPeriods = data.EvaluationPeriods;
    const datapointsToAlarm = data.DatapointsToAlarm ?? evaluationPeriods;
    if (datapointsToAlarm > evaluationPeriods)
      throw new Error('DatapointsToAlarm is above EvaluationPeriods');
    const longestMs = periodMs >= hourMs ? 7 * dayMs : dayMs;
    if (periodMs * evaluationPeriods > longestMs)
      throw new Error(
        `${evaluationPeriods} periods of ${periodMs / 1000} s are above ${longestMs / dayMs} days`,
      );
    return {
      name: physicalName,
      description: data.AlarmDescription ?? '',
      queries,
      watched,
      querySet: prepareQueries(queries),
      periodMs,
      threshold: data.Threshold,
      comparison: data.ComparisonOperator,
      evaluationPeriods,
      datapointsToAlarm,
      missing: data.TreatMissingData ?? 'missing',
      ...readActions(data),
    };
  } catch (error) {
    return refuse((error as Error).message);
  }
}

export const actionProperties = {
  AlarmName: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  AlarmDescription: z.optional(z.string().check(z.maxLength(1024))),
  ActionsEnabled: z.optional(z.boolean()),
  AlarmActions: z.optional(z.array(z.string()).check(z.maxLength(5))),
  OKActions: z.optional(z.array(z.string()).check(z.maxLength(5))),
  InsufficientDataActions: z.optional(z.array(z.string()).check(z.maxLength(5))),
  Tags: z.optional(z.array(z.unknown())),
};

interface GivenActions {
  readonly ActionsEnabled?: boolean | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly OKActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
}

export function readActions(data: GivenActions): AlarmActions {
  const enabled = (arns: readonly string[] = []) => (data.ActionsEnabled === false ? [] : arns);
  return {
    actions: {
      OK: enabled(data.OKActions),
      ALARM: enabled(data.AlarmActions),
      INSUFFICIENT_DATA: enabled(data.InsufficientDataActions),
    },
  };
}

export function describeIssues({ issues }: z.core.$ZodError): string {
  return issues
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `the local CloudWatch does not know ${issue.keys.join(', ')}`
        : `${issue.path.join('.')}: ${issue.message}`,
    )
    .join('; ');
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const dimensions = z.optional(z.array(z.strictObject({ Name: z.string(), Value: z.string() })));

const dataQuery = z.strictObject({
  Id: z.string().check(z.regex(/^[a-z][a-zA-Z0-9_]{0,254}$/, 'must begin with a lower-case letter')),
  Label: z.optional(z.string()),
  ReturnData: z.optional(z.boolean()),
  Period: z.optional(z.int()),
  Expression: z.optional(z.string().check(z.maxLength(1024))),
  MetricStat: z.optional(
    z.strictObject({
      Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
      Period: z.int(),
      Stat: z.string(),
      Unit: z.optional(z.enum(units)),
    }),
  ),
});
type DataQuery = z.infer<typeof dataQuery>;

const alarmProperties = z.strictObject({
  ...actionProperties,
  ComparisonOperator: z.enum(Object.keys(comparisons) as [ThresholdComparison, ...ThresholdComparison[]]),
  Threshold: z.number(),
  EvaluationPeriods: z.int().check(z.minimum(1)),
  DatapointsToAlarm: z.optional(z.int().check(z.minimum(1))),
  TreatMissingData: z.optional(z.enum(missingTreatments)),
  Namespace: z.optional(z.string()),
  MetricName: z.optional(z.string()),
  Dimensions: dimensions,
  Statistic: z.optional(z.enum(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'])),
  ExtendedStatistic: z.optional(z.string()),
  Period: z.optional(z.int()),
  Unit: z.optional(z.enum(units)),
  Metrics: z.optional(z.array(dataQuery).check(z.maxLength(20))),
});
type AlarmProperties = z.infer<typeof alarmProperties>;

interface Watched {
  readonly queries: readonly MetricQuery[];
  readonly watched: string;
  readonly periodMs: number;
}

function oneQuery(data: AlarmProperties): Watched {
  const { Namespace: namespace, MetricName: name, Period, Unit } = data;
  const statistic = data.Statistic ?? data.ExtendedStatistic;
  if (namespace === undefined || name === undefined || statistic === undefined || Period === undefined)
    throw new Error('it has neither Metrics nor all of Namespace, MetricName, Statistic and Period');
  const metric = { namespace, name, dimensions: dimensionsOf(data.Dimensions) };
  const query = { kind: 'metric', id: 'm1', metric, statistic, ...(Unit && { unit: Unit }) } as const;
  return { queries: [query], watched: 'm1', periodMs: checkPeriod(Period) };
}

/** CloudWatch allows ten metrics in an alarm, and wants exactly one entry that returns data. */
function manyQueries(entries: readonly DataQuery[]): Watched {
  const returned = entries.filter(({ ReturnData }) => ReturnData !== false);
  const [watched] = returned;
  if (watched === undefined || returned.length > 1)
    throw new Error(`${returned.length} of its Metrics return data; exactly one has to`);
  const stats = entries.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat] : []));
  if (stats.length > 10) throw new Error(`it has ${stats.length} metrics; 10 are allowed`);
  const periods = new Set([
    ...stats.map(({ Period }) => Period),
    ...entries.flatMap(({ Period, Expression }) => (Expression && Period ? [Period] : [])),
  ]);
  const [period] = periods;
  if (period === undefined || periods.size > 1)
    throw new Error(
      `its Metrics have the periods ${[...periods].join(', ')}; the local CloudWatch knows one`,
    );
  return { queries: entries.map(queryOf), watched: watched.Id, periodMs: checkPeriod(period) };
}

function queryOf({ Id: id, Expression, MetricStat }: DataQuery): MetricQuery {
  if ((Expression === undefined) === (MetricStat === undefined))
    throw new Error(`${id} has to have one of Expression and MetricStat`);
  if (MetricStat === undefined) return { kind: 'expression', id, expression: Expression! };
  const { Namespace: namespace, MetricName: name, Dimensions } = MetricStat.Metric;
  const metric = { namespace, name, dimensions: dimensionsOf(Dimensions) };
  return {
    kind: 'metric',
    id,
    metric,
    statistic: MetricStat.Stat,
    ...(MetricStat.Unit && { unit: MetricStat.Unit }),
  };
}

function dimensionsOf(
  list: readonly { readonly Name: string; readonly Value: string }[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}
