import { prepareOut } from './delivered-files.ts';
import { untilAborted } from './interrupt.ts';
import { type LocalStage, openLocalStage } from './local-stage.ts';
import { missingReport } from './missing-report.ts';
import type { MainCommand } from './options.ts';
import { readOutcomes } from './outcomes.ts';
import { createProgress, type Progress } from './progress.ts';
import { buildReport, type StreamOutcome } from './report.ts';
import { resultTable, span } from './result-table.ts';
import type { RunContext } from './run-context.ts';
import { type RunWatch, watchRun } from './watch.ts';

/**
 * The main job: everything that the simulator generates travels from a schedule to delivered files, and is compared.
 *
 * @returns 0 when nothing is missing, else 1
 */
export async function runMain(command: MainCommand, context: RunContext): Promise<number> {
  const startedAt = performance.now();
  const folder = await prepareOut(command.out);
  const progress = createProgress(context.stderr, () => performance.now());
  const stage = await openLocalStage({ context, progress, ...command });
  try {
    return await untilAborted(context.signal, runStage(stage));
  } finally {
    progress.stop();
    await stage.close();
  }

  async function runStage(stage: LocalStage): Promise<number> {
    const { world, source, streams } = stage;
    source.generate(streams, command.events, raisedOverMs);
    world.startSchedules((stream) => streams.includes(stream));
    progress.stage(
      `Collecting ${streams.map(({ type }) => type).join(', ')} on the schedules of the template`,
    );
    await runUntilSettled(stage, watchRun({ world, streams, source }), progress);
    progress.stage(`Comparing what was delivered with what was generated, into ${command.out}/`);
    const outcomes = await readOutcomes({ world, streams, generated: source.rawEvents, folder });
    progress.stop();
    return report(outcomes, stage);
  }

  function report(outcomes: readonly StreamOutcome[], { world, source }: LocalStage): number {
    const elapsedMs = performance.now() - startedAt;
    const problems = [
      ...missingReport(outcomes, world, source),
      ...world.refusals.map(({ message }) => `refused: ${message}`),
    ];
    const colour = context.stdout.isTTY === true;
    for (const outcome of outcomes) context.stdout.write(`${resultTable(outcome, { colour })}\n`);
    for (const problem of problems) context.stderr.write(`${problem}\n`);
    context.stdout.write(
      problems.length === 0
        ? `Nothing is missing, after ${span(elapsedMs)}. Delivered objects are in ${command.out}/\n`
        : `Something is missing, after ${span(elapsedMs)}.\n`,
    );
    if (command.json) context.stdout.write(`${JSON.stringify(buildReport(outcomes, elapsedMs))}\n`);
    return problems.length === 0 ? 0 : 1;
  }
}

/** The events' own times are spread over the minutes before the first tick. */
const raisedOverMs = 5 * 60_000;

/** Longer than Firehose retries S3 and Mosaic keeps events. */
const mostStalledMs = 2 * 86_400_000;

async function runUntilSettled({ world }: LocalStage, watch: RunWatch, progress: Progress): Promise<void> {
  const showing = setInterval(() => progress.update(watch.progress()), 100);
  try {
    await world.clock.runUntil(
      async () => (await watch.settled()) || watch.stalledMs() > mostStalledMs,
      Number.POSITIVE_INFINITY,
    );
    progress.update(watch.progress());
  } finally {
    clearInterval(showing);
  }
}
