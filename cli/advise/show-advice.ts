import { inDollars } from '../../infra/config/cost-at-rest.ts';
import { prices } from '../../infra/config/prices.ts';
import { count, durationText, plural, table } from '../text.ts';
import { type MonthlyCost, monthlyCost } from './cost.ts';
import { ceilings, freshness, recommend } from './recommend.ts';
import { rate, warnings } from './warnings.ts';
import { type Load, type Plan, shapeOfRun, type Timing } from './workload.ts';

/** The stream that the advice is about. */
export interface AdvisedStream {
  readonly title: string;
  /** The source of the figures, in words. */
  readonly basis: string;
  readonly load: Load;
  readonly timing: Timing;
  readonly present: Plan;
  readonly freshnessSeconds: number;
  /** Counts of full, short and empty answers in the history; absent without a history. */
  readonly answers?: { readonly full: number; readonly short: number; readonly empty: number };
  /** Dollars a month of its whole stage while no event comes; absent without a stage. */
  readonly stageAtRest?: number;
}

/** The advice as text. */
export function adviceText(subject: AdvisedStream): string {
  const { load, present, timing } = subject;
  const cheapest = recommend(load, present, subject);
  return [
    subject.title,
    `  ${rate(load.eventsPerSecond)} of ${plural(Math.round(load.eventBytes), 'byte')}, ${subject.basis}`,
    '',
    indented(planTable(subject, cheapest)),
    '',
    `  Answers: ${fullness(subject)}`,
    `  ${ceilingLine(subject)}`,
    ...warnings({ ...subject, cheapest }).map((line) => `  ${line}`),
    `  Not in the total: ${apart(monthlyCost(load, cheapest ?? present, timing))}.`,
    ...(subject.stageAtRest === undefined
      ? []
      : [`  Its stage costs ${inDollars(subject.stageAtRest)} a month at rest, most of it for CloudWatch.`]),
    `  List prices of ${prices.region}, ${prices.asOf}, before free tiers; Firehose's own buffering comes on top of freshness.`,
  ].join('\n');
}

/** The advice as an object, for programs. */
export function adviceJson(subject: AdvisedStream): object {
  const { load, present, timing } = subject;
  const cheapest = recommend(load, present, subject);
  const told = (each: Plan) => ({
    everySeconds: each.everySeconds,
    batchSize: each.batchSize,
    memoryMb: each.memoryMb,
    freshnessSeconds: Math.round(freshness(load, each, timing)),
    runSeconds: shapeOfRun(load, each, timing).seconds,
    journalObjectsPerRun: shapeOfRun(load, each, timing).batches,
    fullness: shapeOfRun(load, each, timing).fullness,
    dollarsPerMonth: monthlyCost(load, each, timing),
  });
  return {
    stream: subject.title,
    ...load,
    ...timing,
    present: told(present),
    cheapest: cheapest === undefined ? null : told(cheapest),
    ...ceilings(load, present, timing),
    stageAtRestDollarsPerMonth: subject.stageAtRest ?? null,
    warnings: warnings({ ...subject, cheapest }),
  };
}

function planTable({ load, present, timing }: AdvisedStream, cheapest: Plan | undefined): string {
  const plans = cheapest === undefined ? [present] : [present, cheapest];
  const costs = plans.map((plan) => monthlyCost(load, plan, timing));
  const line = (name: string, of: (cost: MonthlyCost) => number) => [
    name,
    ...costs.map((each) => dollars(of(each))),
  ];
  return table([
    ['', 'present', ...(cheapest === undefined ? [] : ['cheapest'])],
    ['every', ...plans.map(({ everySeconds }) => durationText(everySeconds * 1_000))],
    ['batch size', ...plans.map(({ batchSize }) => count(batchSize))],
    ['memory', ...plans.map(({ memoryMb }) => `${memoryMb} MB`)],
    ['in Firehose within', ...plans.map((plan) => durationText(freshness(load, plan, timing) * 1_000))],
    ['a run takes', ...plans.map((plan) => durationText(shapeOfRun(load, plan, timing).seconds * 1_000))],
    ['journal objects a run', ...plans.map((plan) => shapeOfRun(load, plan, timing).batches.toFixed(1))],
    line('Firehose a month', ({ firehose }) => firehose),
    line('Lambda', ({ lambda }) => lambda),
    line('DynamoDB', ({ dynamoDb }) => dynamoDb),
    line('Scheduler', ({ scheduler }) => scheduler),
    line('logs', ({ logs }) => logs),
    line('journal requests', ({ journalRequests }) => journalRequests),
    line('requests for delivered objects', ({ objectRequests }) => objectRequests),
    ...(costs.some(({ copiers }) => copiers > 0) ? [line('copiers', ({ copiers }) => copiers)] : []),
    line('total', ({ total }) => total),
  ]);
}

function fullness({ load, present, timing, answers }: AdvisedStream): string {
  if (answers !== undefined) {
    const { full, short, empty } = answers;
    const hint =
      full > short
        ? 'mostly full: the stream is not drained by a batch, which is as cheap as it gets'
        : 'mostly short';
    return `${count(full)} full, ${count(short)} short, ${count(empty)} empty (${hint}).`;
  }
  const share = shapeOfRun(load, present, timing).fullness;
  return `${Math.round(share * 100)} % full on average with the present schedule.`;
}

/** The highest rate of the stream, and its first limit. */
function ceilingLine({ load, present, timing }: AdvisedStream): string {
  const { readerEventsPerSecond, presentReaderEventsPerSecond, quotaEventsPerSecond, quotaOf } = ceilings(
    load,
    present,
    timing,
  );
  const reader = `One reader is saturated at ${rate(readerEventsPerSecond)}`;
  const atPresent =
    present.batchSize < 1_000 ? `, with the present batch size at ${rate(presentReaderEventsPerSecond)}` : '';
  if (quotaEventsPerSecond === undefined) return `${reader}${atPresent}.`;
  const { quotaMiBPerSecond } = present.destinations.find(({ name }) => name === quotaOf)!;
  return `${reader}${atPresent}; the quota of ${quotaMiBPerSecond} MiB/s for ${quotaOf} binds at ${rate(quotaEventsPerSecond)}.`;
}

function apart({ apart: { journalStorage, objectStorage, kmsKey, egress } }: MonthlyCost): string {
  return (
    `journal storage ${dollars(journalStorage)}, storage of a month's delivered objects ${dollars(objectStorage)} ` +
    `for each month that they are kept, a key of your own ${dollars(kmsKey)}, ` +
    `egress ${dollars(egress)}, and what the stage costs at rest`
  );
}

function dollars(amount: number): string {
  return amount < 10 ? `$${amount.toFixed(3)}` : `$${count(Math.round(amount))}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
