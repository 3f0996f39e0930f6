import type { World } from '../world.ts';
import type { FunctionFacts, InvocationWatch } from './invocations.ts';
import { missingReport, type SourceFates } from './missing-report.ts';
import { buildReport, type StreamOutcome } from './report.ts';
import { resultTable, span } from './result-table.ts';
import type { RunContext } from './run-context.ts';

/**
 * Prints what came of a run: a table per stream and a closing line on stdout, what is wrong on stderr and, if asked
 * for, the object as the last line of stdout.
 *
 * @returns the exit code: 0 when nothing is missing, else 1
 */
export function showResult(outcomes: readonly StreamOutcome[], options: ResultOptions): number {
  const { world, context, elapsedMs } = options;
  const { stdout, stderr } = context;
  const missing = missingReport(outcomes, world, options.source);
  const refused = world.refusals.map(({ message }) => `refused: ${message}`);
  // A denied call means that the template allows too little.
  const denied = world.denials.map((message) => `denied: ${message}`);
  const problems = [...missing, ...refused, ...new Set(denied), ...(options.problems ?? [])];
  for (const outcome of outcomes) {
    const { maxRssMb } = options.invocations.of(streamOf(world, outcome));
    stdout.write(`${resultTable(outcome, { colour: stdout.isTTY === true, maxRssMb })}\n`);
  }
  for (const line of [...problems, ...failedFunctions(options)]) stderr.write(`${line}\n`);
  const after = `after ${span(elapsedMs)}. Delivered objects are in ${options.out}/`;
  if (problems.length === 0) stdout.write(`Nothing is missing, ${after}\n`);
  else stdout.write(`${missing.length > 0 ? 'Something is missing' : 'The run is not sound'}, ${after}\n`);
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
  /** What else is wrong with the run, a line each. */
  readonly problems?: readonly string[];
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
