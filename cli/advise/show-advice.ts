import { count, span, table } from '../text.ts';
import { type MonthlyCost, monthlyCost } from './cost.ts';
import { prices } from './prices.ts';
import { ceilings, freshness, recommend } from './recommend.ts';
import { type Load, type Plan, shapeOfRun, type Timing } from './workload.ts';

/** One stream to be advised on. */
export interface Subject {
  readonly title: string;
  /** Where the figures come from. */
  readonly basis: string;
  readonly load: Load;
  readonly timing: Timing;
  readonly present: Plan;
  readonly quotaMiBPerSecond: number;
  readonly freshnessSeconds: number;
  /** How full the answers really were, where a history says. */
  readonly answers?: { readonly full: number; readonly short: number; readonly empty: number };
}

/** The advice as text. */
export function adviceText(subject: Subject): string {
  const { load, present, timing } = subject;
  const advice = recommend(load, present, subject);
  return [
    subject.title,
    `  ${rate(load.eventsPerSecond)} of ${count(Math.round(load.eventBytes))} bytes, ${subject.basis}`,
    '',
    indented(planTable(subject, advice.plan)),
    '',
    ...(advice.plan === undefined ? [`  ${nonePossible(subject)}`] : []),
    `  Answers: ${fullness(subject)}`,
    ...indentedLines(ceilingLines(subject)),
    `  Not in the total: ${apart(monthlyCost(load, advice.plan ?? present, timing))}.`,
    `  List prices of ${prices.region}, ${prices.asOf}, before free tiers; Firehose's own buffering comes on top of freshness.`,
  ].join('\n');
}

/** The same for a program. */
export function adviceJson(subject: Subject): object {
  const { load, present, timing } = subject;
  const { plan } = recommend(load, present, subject);
  const told = (each: Plan) => ({
    everySeconds: each.everySeconds,
    batchSize: each.batchSize,
    memoryMb: each.memoryMb,
    freshnessSeconds: Math.round(freshness(load, each, timing)),
    fullness: shapeOfRun(load, each, timing).fullness,
    dollarsPerMonth: monthlyCost(load, each, timing),
  });
  return {
    stream: subject.title,
    ...load,
    ...timing,
    present: told(present),
    cheapest: plan === undefined ? null : told(plan),
    ...ceilings(load, present, subject),
  };
}

function planTable({ load, present, timing }: Subject, cheapest: Plan | undefined): string {
  const plans = cheapest === undefined ? [present] : [present, cheapest];
  const costs = plans.map((plan) => monthlyCost(load, plan, timing));
  const line = (name: string, of: (cost: MonthlyCost) => number) => [
    name,
    ...costs.map((each) => dollars(of(each))),
  ];
  return table([
    ['', 'present', ...(cheapest === undefined ? [] : ['cheapest'])],
    ['every', ...plans.map(({ everySeconds }) => span(everySeconds * 1_000))],
    ['batch size', ...plans.map(({ batchSize }) => count(batchSize))],
    ['memory', ...plans.map(({ memoryMb }) => `${memoryMb} MB`)],
    ['in Firehose within', ...plans.map((plan) => span(freshness(load, plan, timing) * 1_000))],
    ['a run takes', ...plans.map((plan) => span(shapeOfRun(load, plan, timing).seconds * 1_000))],
    line('Firehose a month', ({ firehose }) => firehose),
    line('Lambda', ({ lambda }) => lambda),
    line('DynamoDB', ({ dynamoDb }) => dynamoDb),
    line('Scheduler', ({ scheduler }) => scheduler),
    line('logs', ({ logs }) => logs),
    line('journal requests', ({ journalRequests }) => journalRequests),
    line('total', ({ total }) => total),
  ]);
}

function fullness({ load, present, timing, answers }: Subject): string {
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

function nonePossible({ freshnessSeconds, load, present, timing }: Subject): string {
  const soonest = freshness(load, { ...present, everySeconds: 60, batchSize: 1_000 }, timing);
  return `Nothing brings events to Firehose within ${span(freshnessSeconds * 1_000)}: a schedule of a minute gives ${span(soonest * 1_000)}, if one reader keeps up.`;
}

/** Where it ends, what binds first, and what to do then. */
function ceilingLines(subject: Subject): string[] {
  const { load } = subject;
  const { readerEventsPerSecond, quotaEventsPerSecond } = ceilings(load, subject.present, subject);
  const reader = `One reader is saturated at ${rate(readerEventsPerSecond)}`;
  const quota = `the delivery stream's quota of ${subject.quotaMiBPerSecond} MiB/s binds at ${rate(quotaEventsPerSecond)}`;
  const quotaFirst = quotaEventsPerSecond <= readerEventsPerSecond;
  const first = Math.min(readerEventsPerSecond, quotaEventsPerSecond);
  const lines = [`${reader}; ${quota}.`];
  if (load.eventsPerSecond > first) {
    lines.push('This stream is beyond that: it falls behind until Mosaic drops what it retains.');
  } else if (load.eventsPerSecond > first / 2) {
    lines.push('This stream is above half of it, so a backlog drains slower than it grew.');
  }
  if (load.eventsPerSecond > first / 2) {
    lines.push(
      quotaFirst
        ? 'Ask AWS to raise the quota of the delivery stream first; compressed records (plain S3) stretch it about 3 times.'
        : 'A second stream of the type is a copy, not a share: ask the vendor how to part the type, and poll each minute.',
    );
  }
  return lines;
}

function apart({ apart: { journalStorage, kmsKey, metrics, egress } }: MonthlyCost): string {
  return (
    `journal storage ${dollars(journalStorage)}, a key of your own ${dollars(kmsKey)}, ` +
    `metrics ${dollars(metrics)}, egress ${dollars(egress)}`
  );
}

function rate(eventsPerSecond: number): string {
  if (eventsPerSecond >= 10) return `${count(Math.round(eventsPerSecond))} events/s`;
  return `${Number(eventsPerSecond.toPrecision(2))} events/s`;
}

function dollars(amount: number): string {
  return amount < 10 ? `$${amount.toFixed(3)}` : `$${count(Math.round(amount))}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

function indentedLines(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
