import { prepareOut } from './delivered-files.ts';
import { untilAborted } from './interrupt.ts';
import { watchInvocations } from './invocations.ts';
import { openLocalStage } from './local-stage.ts';
import type { MainCommand } from './options.ts';
import { readOutcomes } from './outcomes.ts';
import { createProgress } from './progress.ts';
import type { RunContext } from './run-context.ts';
import { runUntilSettled } from './run-until-settled.ts';
import { showResult } from './show-result.ts';
import { watchRun } from './watch.ts';

/**
 * The main job: everything that the simulator generates travels from a schedule to delivered files, and is compared.
 *
 * @returns 0 when nothing is missing, else 1
 */
export async function runMain(command: MainCommand, context: RunContext): Promise<number> {
  const startedAt = performance.now();
  const folder = await prepareOut(command.out);
  const progress = createProgress(context.stderr, () => performance.now());
  const invocations = watchInvocations();
  const stage = await openLocalStage({ ...command, context, progress, world: { lambda: invocations } });
  const { world, source, streams, receivers } = stage;
  let showing: NodeJS.Timeout | undefined;
  const run = async (): Promise<number> => {
    source.generate(streams, command.events, raisedOverMs);
    world.startSchedules((stream) => streams.includes(stream));
    progress.stage('Collecting on the schedules of the template');
    const watch = watchRun({ world, streams, source });
    const show = (): void => progress.update(watch.progress());
    showing = setInterval(show, 100);
    await runUntilSettled(world.clock, watch);
    context.signal.throwIfAborted();
    clearInterval(showing);
    show();
    progress.stop();
    progress.stage('Comparing what was delivered with what was generated');
    const outcomes = await readOutcomes({ world, streams, generated: source.rawEvents, receivers, folder });
    const elapsedMs = performance.now() - startedAt;
    return showResult(outcomes, { ...command, world, context, source, invocations, elapsedMs });
  };
  try {
    return await untilAborted(context.signal, run());
  } finally {
    clearInterval(showing);
    progress.stop();
    await stage.close();
  }
}

/** The events' own times are spread over the minutes before the first tick. */
const raisedOverMs = 5 * 60_000;
