import { idleWork, type Task } from './idle-work.ts';
import { prices, secondsPerMonth } from './prices.ts';
import { ticksPerMonth } from './ticks-per-month.ts';

/** A resource as a template has it. */
export interface TemplateResource {
  /** Its logical id. */
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are looked at by path
  readonly Properties?: any;
}

/** One thing that AWS bills while no event comes, in US dollars a month. */
export interface RestingCost {
  readonly group: CostGroup;
  /** The alarm, metric, schedule or resource. */
  readonly name: string;
  readonly dollars: number;
}

export const costGroups = ['alarms', 'metrics', 'dashboard', 'key', 'queues', 'runs', 'Lambda'] as const;
export type CostGroup = (typeof costGroups)[number];

/**
 * Reckons what a stage costs while no event comes, alarm by alarm and metric by metric, before free tiers.
 *
 * A custom metric is billed for the hours in which it is sent, so the schedules tell which there are: each one performs
 * a task, and the task sends its metrics. Storage, requests to KMS and secrets are left aside: the secrets are the
 * operator's own, and the others are cents without events.
 *
 * @param resources all of a stage's templates
 * @see https://aws.amazon.com/cloudwatch/pricing/ (metrics by the hour; an alarm by each metric that it analyses, and
 * more where its period is below a minute)
 */
export function costAtRest(resources: readonly TemplateResource[]): readonly RestingCost[] {
  const memory = new Map(resources.map(({ id, Properties }) => [id, Number(Properties?.MemorySize ?? 128)]));
  return resources.flatMap(({ id, Type, Properties: given }): readonly RestingCost[] => {
    switch (Type) {
      case 'AWS::CloudWatch::Alarm':
        return [{ group: 'alarms', name: textOr(given.AlarmName, id), dollars: alarmDollars(given) }];
      case 'AWS::CloudWatch::CompositeAlarm':
        return [{ group: 'alarms', name: id, dollars: prices.compositeAlarmPerMonth }];
      case 'AWS::CloudWatch::Dashboard':
        return [{ group: 'dashboard', name: id, dollars: prices.dashboardPerMonth }];
      case 'AWS::KMS::Key':
        return [{ group: 'key', name: id, dollars: prices.kmsKeyPerMonth }];
      case 'AWS::Lambda::EventSourceMapping':
        return [{ group: 'queues', name: id, dollars: idlePollsPerMonth * prices.sqsPerRequest }];
      case 'AWS::Scheduler::Schedule':
        return scheduleCosts(given, memory.get(given.Target.Arn['Fn::GetAtt']?.[0]) ?? 128);
      default:
        return [];
    }
  });
}

/**
 * The metrics that come on top in every hour with events: of each stream, of the stage, and of each copier.
 *
 * @returns dollars a month, if there is no hour without
 */
export function eventMetricsDollars(resources: readonly TemplateResource[]): number {
  const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
  const streams = resources.filter(
    ({ Type, Properties }) => Type === 'AWS::Scheduler::Schedule' && taskOf(Properties) === 'collect',
  ).length;
  const metrics =
    streams * eventMetrics.ofStream.length +
    eventMetrics.ofStage.length +
    count('AWS::Lambda::EventSourceMapping') * eventMetrics.ofCopier.length;
  return metrics * prices.metricPerMonth;
}

/** The metrics of a healthy stage that events bring; all others tell trouble. */
export const eventMetrics = {
  ofStream: ['EventsCollected', 'EventLag'],
  ofStage: ['BytesBilled'],
  ofCopier: ['ObjectsCopied', 'CopyLag'],
} as const;

/** Dollars a month of everything, or of one group. */
export function dollarsOf(costs: readonly RestingCost[], group?: CostGroup): number {
  return costs
    .filter((each) => group === undefined || each.group === group)
    .reduce((sum, { dollars }) => sum + dollars, 0);
}

/** As pages, commands and the dashboard print it: `$14.17`. */
export function inDollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** Expressions are free, and each metric that one analyses counts as an alarm of its own. */
function alarmDollars({ Period, Metrics }: TemplateResource['Properties']): number {
  const analysed: readonly { readonly MetricStat?: { readonly Period: number } }[] = Metrics ?? [
    { MetricStat: { Period } },
  ];
  const each = analysed.flatMap(({ MetricStat }) => MetricStat ?? []);
  const short = each.some(({ Period: period }) => period < 60);
  return each.length * (short ? prices.highResolutionAlarmPerMonth : prices.alarmPerMonth);
}

function scheduleCosts(given: TemplateResource['Properties'], memoryMb: number): readonly RestingCost[] {
  const { Name: name, ScheduleExpression: expression } = given;
  const task = taskOf(given);
  const ticks = ticksPerMonth(expression);
  const { metrics, seconds, writes, reads, lists, logBytes } = idleWork[task];
  const gbSeconds = (ticks * seconds * memoryMb) / 1_024;
  const dollarsATick =
    prices.schedulerPerInvocation +
    writes * prices.dynamoDbPerWrite +
    reads * prices.dynamoDbPerRead +
    lists * prices.s3PerList +
    (logBytes / 1024 ** 3) * prices.logsPerGb;
  return [
    ...metrics.map((metric) => metricCost(`${metric} of ${name}`, ticks)),
    { group: 'runs', name, dollars: ticks * dollarsATick },
    {
      group: 'Lambda',
      name,
      dollars: gbSeconds * prices.lambdaPerGbSecond + ticks * prices.lambdaPerRequest,
    },
  ];
}

function taskOf({ Target }: TemplateResource['Properties']): Task {
  return (JSON.parse(Target.Input) as { readonly task: Task }).task;
}

function metricCost(name: string, ticks: number): RestingCost {
  const share = Math.min(1, ticks / hoursPerMonth);
  return { group: 'metrics', name, dollars: share * prices.metricPerMonth };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

const hoursPerMonth = secondsPerMonth / 3_600;
/**
 * Five pollers that each wait 20 seconds at most for a message, whatever the queue holds.
 *
 * @see Lambda developer guide, "Using Lambda with Amazon SQS": batches are read by five concurrent connections at first
 * @see https://repost.aws/knowledge-center/sqs-high-charges (empty receives of a queue that a function reads)
 */
const idlePollsPerMonth = (5 * secondsPerMonth) / 20;
