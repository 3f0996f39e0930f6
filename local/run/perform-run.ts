import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LambdaHostOptions } from '@mosaic-relay/cdk-loopback';
import { prepareOut } from './delivered-files.ts';
import { watchEndLines } from './end-lines.ts';
import { type FaultSet, faultSetOf, type PreparedFaults } from './fault-set.ts';
import { readFaultyOutcomes } from './faulty-outcomes.ts';
import { type FollowedProgress, followProgress } from './follow-progress.ts';
import { untilAborted } from './interrupt.ts';
import { type InvocationWatch, watchInvocations } from './invocations.ts';
import { openLocalStage } from './local-stage.ts';
import type { MainCommand } from './options.ts';
import type { Progress } from './progress.ts';
import { raiseEvents, tellStory, trickleEvents } from './raise-events.ts';
import { redriveAll } from './redrive-all.ts';
import type { StreamOutcome } from './report.ts';
import type { RunContext } from './run-context.ts';
import { runUntilSettled } from './run-until-settled.ts';
import { planChanges, watchOpens } from './settings/settings-changes.ts';
import { asWritten, type SettingsFiles } from './settings/settings-variants.ts';
import type { ResultOptions } from './show-result.ts';
import { readStatus } from './status-watch.ts';
import { synthesizeStage } from './synthesize-stage.ts';
import { type TrickleWatch, watchTrickle } from './trickle/trickle-watch.ts';
import { watchRun } from './watch.ts';

/**
 * Performs one run: every generated event travels from a schedule to delivered files, and is compared.
 *
 * @param show gets the outcome while the world still stands, and returns the exit code
 */
export async function performRun(
  command: MainCommand,
  { context, progress, settings, show, ...means }: RunMeans,
): Promise<number> {
  const startedAt = performance.now();
  const folder = await prepareOut(command.out);
  const invocations = watchInvocations();
  const endLines = watchEndLines();
  const faultSet = means.faultSet ?? faultSetOf(command, context);
  const faults = faultSet?.prepare(command.seed, command);
  const opens = watchOpens();
  const assemblies: string[] = [];
  const { trickle } = command;
  const trickling = trickle && watchTrickle(trickle, () => stage.world.lambda.sandboxes());
  const stage = await openLocalStage({
    ...command,
    variety: trickle && trickleVariety,
    context,
    progress,
    settings: settings?.(faults?.settings ?? asWritten) ?? command.settings,
    witness: witnessOf(command, faultSet),
    mosaic: faults?.mosaic,
    first: faults?.first,
    world: {
      ...faults?.world,
      lambda: lambdaHooks({ invocations, endLines, faults, trickling }),
      gateway: {
        ...faults?.world.gateway,
        observe(call, status) {
          opens.observe(call);
          trickling?.observe(call, status);
          faults?.world.gateway?.observe?.(call, status);
        },
      },
    },
  });
  const { world, source, receivers, ids } = stage;
  // The streams as they are deployed first; settings may change during the run.
  const streams = [...stage.streams];
  const witnesses = [...stage.witnesses];
  const names = new Set([...streams, ...witnesses].map(({ name }) => name));
  let shown: FollowedProgress | undefined;
  const run = async (): Promise<number> => {
    const lastsMs = faults?.begin({ ...stage, streams, witnesses }) ?? 0;
    const raising = raiseEvents(stage, {
      count: command.events,
      lastsMs,
      everyMs: faults?.raiseEveryMs ?? faultSet?.raiseEveryMs,
    });
    const { story } = command;
    const coming =
      (trickle && trickleEvents(stage, trickle)) ?? (story && tellStory(stage, { ...command, story }));
    const changing = planChanges((settings && faults?.changes) ?? [], {
      world,
      streams,
      witnesses,
      ids,
      note: (stream, name) => faults?.note?.(stream, name),
      synthesize: async ({ to, assembly }) => {
        const outdir = await mkdtemp(join(tmpdir(), 'relay-changed-'));
        assemblies.push(outdir);
        if (assembly !== undefined) {
          await assembly(outdir);
          return outdir;
        }
        const witness = witnessOf(command, faultSet);
        await synthesizeStage(context, {
          stage: command.stage,
          outdir,
          witness,
          settings: settings?.(to) ?? command.settings,
        });
        return outdir;
      },
    });
    // Streams are matched by name, since one that is deployed anew is still the same.
    world.startSchedules(({ name }) => names.has(name));
    progress.stage(
      command.faults === undefined
        ? 'Collecting on the schedules of the template'
        : `Collecting on the schedules of the template, with ${command.faults} failing for hours`,
      'long',
    );
    const watch = watchRun({ world, streams, witnesses, source });
    const following = followProgress(progress, {
      watch,
      clock: world.clock,
      lastsMs: lengthOf(command, { lastsMs, now: world.clock.now() }),
    });
    shown = following;
    const settle = () =>
      runUntilSettled(world.clock, watch, async () => {
        await changing.deployDue();
        const over = faults?.over() ?? true;
        return raising.done() && (coming?.done() ?? true) && changing.done() && over;
      });
    await settle();
    context.signal.throwIfAborted();
    const { redrives: sources } = faultSet ?? {};
    const redriven =
      faults &&
      (await redriveAll(settle, {
        ...command,
        world,
        streams,
        sources,
        context,
        say: following.say,
      }));
    context.signal.throwIfAborted();
    following.end();
    progress.stage('Comparing what was generated, journaled and delivered', 'long');
    const outcomes = await readFaultyOutcomes(
      { ...stage, streams, witnesses },
      { folder, faults, redriven, endLines, opens },
    );
    const trickled = outcomes.map((outcome) => ({
      ...outcome,
      trickle: trickling?.reportOf(streams.find(({ name }) => name === outcome.name)!, stage.simulator),
    }));
    progress.stop();
    const isOne = command.runs === undefined && command.faults === undefined;
    return show(trickled, {
      ...command,
      ...(isOne ? { status: (await readStatus(world, { ...command, names })).headline } : {}),
      world,
      context,
      source,
      invocations,
      elapsedMs: performance.now() - startedAt,
      problems: redriven?.failures ?? receivers.refusals(),
    });
  };
  try {
    return await untilAborted(context.signal, run());
  } finally {
    shown?.end();
    progress.stop();
    await stage.close();
    for (const outdir of assemblies) await rm(outdir, { recursive: true, force: true });
  }
}

export interface RunMeans {
  readonly context: RunContext;
  readonly progress: Progress;
  /** Settings in place of the operator's own. */
  readonly settings?: SettingsFiles;
  readonly show: (outcomes: readonly StreamOutcome[], options: ResultOptions) => number;
  /** A fault set in place of the one that the command names. */
  readonly faultSet?: FaultSet;
}

/** Virtual milliseconds for which a run raises events or lets things fail; 0 where it has no length of its own. */
function lengthOf(
  { trickle, story }: MainCommand,
  { lastsMs, now }: { readonly lastsMs: number; readonly now: number },
): number {
  return Math.max(lastsMs, (trickle?.hours ?? 0) * 3_600_000, (story?.until ?? now) - now);
}

/** Number of different events of each type, because a trickle may raise millions. */
const trickleVariety = 4_096;

function witnessOf(
  { witness, noWitness }: MainCommand,
  faultSet: FaultSet | undefined,
): 'detect' | 'recover' | undefined {
  return witness ?? (noWitness ? undefined : faultSet?.witness);
}

function lambdaHooks({
  invocations,
  endLines,
  faults,
  trickling,
}: {
  readonly invocations: InvocationWatch;
  readonly endLines: Pick<LambdaHostOptions, 'onLog'>;
  readonly faults: PreparedFaults | undefined;
  readonly trickling: TrickleWatch | undefined;
}): Pick<LambdaHostOptions, 'onLog' | 'onInvocation' | 'beforeInvoke' | 'freeze' | 'skipSleeps'> {
  return {
    // At its quota, Firehose makes a collector wait for longer than a person would.
    skipSleeps: true,
    ...faults?.world.lambda,
    onLog: endLines.onLog,
    onInvocation: (invocation) => {
      invocations.onInvocation(invocation);
      trickling?.onInvocation(invocation);
      faults?.world.lambda?.onInvocation?.(invocation);
    },
  };
}
