import { prepareOut } from './delivered-files.ts';
import { faultSets } from './faults/fault-sets.ts';
import { untilAborted } from './interrupt.ts';
import { watchInvocations } from './invocations.ts';
import { openLocalStage } from './local-stage.ts';
import type { MainCommand } from './options.ts';
import { readOutcomes } from './outcomes.ts';
import { createProgress } from './progress.ts';
import { raiseEvents } from './raise-events.ts';
import { redriveAll } from './redrive-all.ts';
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
  const faults = command.faults && faultSets[command.faults].prepare(command.seed);
  const stage = await openLocalStage({
    ...command,
    context,
    progress,
    world: { lambda: invocations, ...faults?.world },
  });
  const { world, source, streams, witnesses, receivers } = stage;
  let showing: NodeJS.Timeout | undefined;
  const run = async (): Promise<number> => {
    const lastsMs = faults?.begin(stage) ?? 0;
    const raising = raiseEvents(stage, { count: command.events, lastsMs });
    world.startSchedules((stream) => streams.includes(stream) || witnesses.includes(stream));
    progress.stage(
      faults === undefined
        ? 'Collecting on the schedules of the template'
        : `Collecting on the schedules of the template, with ${command.faults} failing for hours`,
    );
    const watch = watchRun({ world, streams, witnesses, source });
    const show = (): void => progress.update(watch.progress());
    showing = setInterval(show, 100);
    const settle = () =>
      runUntilSettled(world.clock, watch, () => raising.done() && (faults?.over() ?? true));
    await settle();
    context.signal.throwIfAborted();
    if (faults !== undefined) progress.stage('Re-driving what lies in backups and dead-letter queues');
    const redriven = faults && (await redriveAll(settle, { ...command, world, streams, context }));
    context.signal.throwIfAborted();
    clearInterval(showing);
    show();
    progress.stop();
    progress.stage('Comparing what was delivered with what was generated');
    const read = await readOutcomes({ world, streams, generated: source.rawEvents, receivers, folder });
    const outcomes = read.map((outcome) => ({
      ...outcome,
      redriven: redriven?.of(outcome.name),
      faults: faults?.befell(streams.find(({ name }) => name === outcome.name)!),
    }));
    const elapsedMs = performance.now() - startedAt;
    return showResult(outcomes, {
      ...command,
      world,
      context,
      source,
      invocations,
      elapsedMs,
      problems: redriven?.failures ?? receivers.refusals().slice(0, 20),
    });
  };
  try {
    return await untilAborted(context.signal, run());
  } finally {
    clearInterval(showing);
    progress.stop();
    await stage.close();
  }
}
