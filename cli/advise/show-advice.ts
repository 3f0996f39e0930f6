import { inDollars } from '../../infra/config/cost-at-rest.ts';
import { prices } from '../../infra/config/prices.ts';
import { count, durationText, plural, textWidth, wrapped } from '../text.ts';
import { type MonthlyCost, monthlyCost } from './cost.ts';
import { type Lever, levers } from './levers.ts';
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

/** The advice as text: a paragraph for each question, with its name before it. */
export function adviceText(subject: AdvisedStream, columns: number): string {
  const { load, present, timing } = subject;
  const cheapest = recommend(load, present, subject);
  const paragraphs: readonly (readonly [name: string, text: string])[] = [
    ['Load', loadText(subject)],
    ['Cost', costText(subject)],
    ['Freshness', freshnessText(subject, cheapest)],
    ['Binds', bindsText(subject)],
    ['Saves', savesText(levers({ load, present, timing, cheapest }))],
    ...warnings({ ...subject, cheapest }).map((line) => ['Warning', line] as const),
  ];
  return [subject.title, ...paragraphs.map(([name, text]) => paragraph(name, text, columns))].join('\n');
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
    levers: levers({ load, present, timing, cheapest }),
    warnings: warnings({ ...subject, cheapest }),
  };
}

function loadText({ load, basis, answers }: AdvisedStream): string {
  const answered =
    answers === undefined
      ? ''
      : `; answers: ${count(answers.full)} full, ${count(answers.short)} short, ${count(answers.empty)} empty`;
  return `${rate(load.eventsPerSecond)} of ${plural(Math.round(load.eventBytes), 'byte')}, ${basis}${answered}`;
}

/** The dollars of a month: by volume with its largest parts, of what is kept and leaves AWS, and at rest. */
function costText({ load, present, timing, stageAtRest }: AdvisedStream): string {
  const { total, apart, ...parts } = monthlyCost(load, present, timing);
  const named = Object.entries(parts)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, amount]) => `${partNames[name as keyof typeof partNames]} ${inDollars(amount)}`);
  const kept = Object.entries({
    'for the journal': apart.journalStorage,
    'for a month of delivered objects': apart.objectStorage,
    'for egress': apart.egress,
    'for a key of your own': apart.kmsKey,
  }).flatMap(([what, amount]) => (amount < 0.005 ? [] : [`${inDollars(amount)} ${what}`]));
  const atRest =
    stageAtRest === undefined
      ? 'what the stage costs at rest'
      : `the stage's ${inDollars(stageAtRest)} at rest, most of it for CloudWatch`;
  return `${inDollars(total)} a month by volume (${named.join(', ')}); beside it ${kept.join(', ')}, and ${atRest} by list prices of ${prices.region}, ${prices.asOf}`;
}

const partNames: Readonly<Record<Exclude<keyof MonthlyCost, 'total' | 'apart'>, string>> = {
  firehose: 'Firehose',
  lambda: 'Lambda',
  dynamoDb: 'DynamoDB',
  scheduler: 'Scheduler',
  logs: 'logs',
  journalRequests: 'journal requests',
  objectRequests: 'requests for objects',
  copiers: 'copiers',
};

/** When an event is with Firehose and, where that is later than asked for, the cheapest plan that is sooner. */
function freshnessText(
  { load, present, timing, freshnessSeconds }: AdvisedStream,
  cheapest: Plan | undefined,
): string {
  const within = freshness(load, present, timing);
  const sooner =
    cheapest === undefined
      ? ''
      : `: collecting every ${durationText(cheapest.everySeconds * 1_000)} is soon enough, for ${inDollars(monthlyCost(load, cheapest, timing).total)}`;
  const late =
    within > freshnessSeconds ? ` (${durationText(freshnessSeconds * 1_000)} are asked for${sooner})` : '';
  const every = durationText(present.everySeconds * 1_000);
  const run = durationText(shapeOfRun(load, present, timing).seconds * 1_000);
  return `in Firehose within ${durationText(within * 1_000)}${late}, collecting every ${every}; a run takes ${run}, and Firehose's buffer comes on top`;
}

/** The rates at which the stream's limits lie, the lowest first. */
function bindsText({ load, present, timing }: AdvisedStream): string {
  const { readerEventsPerSecond, presentReaderEventsPerSecond, quotaEventsPerSecond, quotaOf } = ceilings(
    load,
    present,
    timing,
  );
  const atPresent =
    present.batchSize < 1_000
      ? ` (${rate(presentReaderEventsPerSecond)} with batches of ${count(present.batchSize)})`
      : '';
  const limits = [
    { at: readerEventsPerSecond, text: `one reader at ${rate(readerEventsPerSecond)}${atPresent}` },
  ];
  if (quotaEventsPerSecond !== undefined) {
    const { quotaMiBPerSecond } = present.destinations.find(({ name }) => name === quotaOf)!;
    limits.push({
      at: quotaEventsPerSecond,
      text: `the quota of ${quotaMiBPerSecond} MiB/s for ${quotaOf} at ${rate(quotaEventsPerSecond)}`,
    });
  }
  return limits
    .toSorted((a, b) => a.at - b.at)
    .map(({ text }) => text)
    .join(', ');
}

function savesText(found: readonly Lever[]): string {
  if (found.length === 0) return 'no setting saves more than a dollar a month';
  return found
    .map(({ change, savesPerMonth }) => `${change} saves ${inDollars(savesPerMonth)} a month`)
    .join('; ');
}

/** A paragraph in lines that fit a terminal, behind its name. */
function paragraph(name: string, text: string, columns: number): string {
  const lines = wrapped(text, textWidth(columns) - indent).split('\n');
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(indent - 2)}${line}`).join('\n');
}

const indent = 13;
