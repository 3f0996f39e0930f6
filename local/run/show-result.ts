import { durationText, hasColours, wrapped } from '../../cli/text.ts';
import type { World } from '../world.ts';
import type { FunctionFacts, InvocationWatch } from './invocations.ts';
import { missingReport, type SourceFates } from './missing-report.ts';
import { buildReport, type StreamOutcome } from './report.ts';
import { resultTable } from './result-table.ts';
import type { RunContext } from './run-context.ts';
import { trickleLine } from './trickle/trickle-watch.ts';
import { lastResortReport, unexplainedBatches, unjournaledReport } from './unjournaled-report.ts';

/**
 * Prints what came of a run: a table per stream and a closing line on stdout, what is wrong on stderr and, if asked
 * for, the object as the last line of stdout.
 *
 * @returns the exit code: 0 when nothing is missing, else 1
 */
export function showResult(outcomes: readonly StreamOutcome[], options: ResultOptions): number {
  const { world, context, elapsedMs } = options;
  const { stdout, stderr } = context;
  const problems = problemsOf(outcomes, options);
  const colour = hasColours(stdout.isTTY === true);
  const columns = stdout.isTTY === true ? (stdout.columns ?? 80) : undefined;
  const print = (line: string) =>
    void stdout.write(`${columns === undefined ? line : wrapped(line, columns)}\n`);
  for (const outcome of outcomes) {
    const { maxRssMb } = options.invocations.of(streamOf(world, outcome));
    stdout.write(`${resultTable(outcome, { colour, columns, maxRssMb })}\n`);
    for (const line of outcome.viewLines ?? []) print(line);
  }
  for (const { name, trickle } of outcomes) if (trickle) print(trickleLine(name, trickle));
  for (const line of [...outcomes.flatMap(lastResortReport), ...outcomes.flatMap(ordealLines)])
    stdout.write(`${line}\n`);
  for (const line of [...problems, ...failedFunctions(options)]) stderr.write(`${line}\n`);
  if (options.status !== undefined) print(`Status: ${options.status}`);
  print(
    `${endingOf(outcomes, problems)}, after ${durationText(elapsedMs)}. Delivered objects are in ${options.out}/`,
  );
  if (options.json) stdout.write(`${JSON.stringify(buildReport(outcomes, elapsedMs))}\n`);
  return problems.length === 0 ? 0 : 1;
}

export interface ResultOptions {
  readonly world: World;
  readonly context: RunContext;
  readonly source: SourceFates;
  readonly invocations: InvocationWatch;
  readonly elapsedMs: number;
  readonly out: string;
  readonly json: boolean;
  /** The verdict of `relay status` at the end. */
  readonly status?: string;
  /** What else is wrong with the run, a line each. */
  readonly problems?: readonly string[];
}

function endingOf(outcomes: readonly StreamOutcome[], problems: readonly string[]): string {
  if (outcomes.some((outcome) => outcome.comparison.missing > 0 && !isAllowed(outcome)))
    return 'Something is missing';
  if (outcomes.some((outcome) => unexplainedBatches(outcome) > 0))
    return 'Nothing is missing, but something was delivered without a journal';
  if (problems.length > 0) return 'The run is not sound';
  return outcomes.some(isAllowed)
    ? 'Nothing is missing but what was lost before it was journaled'
    : 'Nothing is missing';
}

/** What is wrong with a run, a line each; nothing where it has shown what it claims. */
export function problemsOf(
  outcomes: readonly StreamOutcome[],
  { world, source, problems = [] }: Pick<ResultOptions, 'world' | 'source' | 'problems'>,
): readonly string[] {
  const owing = outcomes.filter((outcome) => !isAllowed(outcome));
  const refused = world.refusals.map(({ message }) => `refused: ${message}`);
  // A denied call means that the template allows too little.
  const denied = new Set(world.denials.map((message) => `denied: ${message}`));
  return [
    ...missingReport(owing, world, source),
    ...outcomes.flatMap(unjournaledReport),
    ...outcomes.flatMap(unaccounted),
    ...outcomes.flatMap(untold),
    ...refused,
    ...denied,
    ...problems,
  ];
}

/** Each event is delivered, quarantined, late, erased or missing: where it were none of these, its loss would be hidden. */
function unaccounted({ name, generatedKnown, comparison }: StreamOutcome): string[] {
  const { generated, delivered, quarantined, missing, late, erased } = comparison;
  const number = generated - delivered - quarantined - missing - late - erased;
  return generatedKnown && number !== 0 ? [`${name}: ${number} events are accounted for nowhere`] : [];
}

/** The relay tells of every batch that it may have lost, unless its records were put back to before. */
function untold({ name, ordeal }: StreamOutcome): string[] {
  const { losses = [], possibleLoss = 0 } = ordeal ?? {};
  const lost = losses.reduce((sum, { batches, forgotten = 0 }) => sum + batches - forgotten, 0);
  if (lost <= possibleLoss) return [];
  return [`${name}: ${lost} batches were lost, and a possible loss was told ${possibleLoss} times`];
}

/** Whether all that is missing was lost where it may be: what no loss explains is not. */
function isAllowed({ ordeal, comparison }: StreamOutcome): boolean {
  if (comparison.missing === 0 || ordeal === undefined) return false;
  const explained = ordeal.losses.reduce((sum, { events }) => sum + events, 0);
  return explained >= comparison.missing && ordeal.losses.every(({ allowed }) => allowed);
}

function ordealLines({ name, ordeal, collected, faults = {} }: StreamOutcome): string[] {
  if (ordeal === undefined) return [];
  const befell = Object.values(faults).reduce((sum, one) => sum + one, 0);
  return [
    `${name}: ${befell} faults; ${ordeal.swept} batches swept, ${collected.recovered ?? 0} events recovered by the ` +
      `witness, possible loss told ${ordeal.possibleLoss} times`,
    ...ordeal.losses.flatMap(({ cause, events, ids }) => [
      `  ${events} lost: ${cause}`,
      `    first: ${ids.slice(0, 5).join(' ')}`,
    ]),
  ];
}

/** A collector that failed says more of a loss than the loss does; without one, a later run or a sweep made up for it. */
function failedFunctions({ world, invocations }: ResultOptions): string[] {
  return world.streams.flatMap((stream) => {
    const facts: FunctionFacts = invocations.of(stream);
    if (facts.failures === 0) return [];
    const { failures, lastFailure } = facts;
    return [
      `${stream.functionName} failed ${failures} of ${facts.invocations} times, at last: ${lastFailure}`,
    ];
  });
}

function streamOf(world: World, outcome: StreamOutcome) {
  return world.streams.find(({ name }) => name === outcome.name) ?? { functionName: '' };
}
