import { setTimeout as sleep } from 'node:timers/promises';
import { createVirtualClock } from '@mosaic-relay/cdk-loopback';
import { ownedStreams } from '../../cli/access/owned-streams.ts';
import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import { durationText } from '../../cli/text.ts';
import { agreeToTrial, changesText } from '../../cli/trial/trial-changes.ts';
import { trialSummary } from '../../cli/trial/trial-summary.ts';
import { RelayError } from '../../functions/relay-error.ts';
import { createWorld, type World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { prepareOut } from './delivered-files.ts';
import { watchEndLines } from './end-lines.ts';
import { Interrupted } from './interrupt.ts';
import { watchInvocations } from './invocations.ts';
import type { ApiCommand } from './options.ts';
import { readOutcomes } from './outcomes.ts';
import { createProgress } from './progress.ts';
import { startReceivers } from './receivers/start-receivers.ts';
import type { RunContext } from './run-context.ts';
import { showResult } from './show-result.ts';
import { readTrialFacts } from './trial-facts.ts';
import { prepareTrialStage } from './trial-stage.ts';
import { openTrialStreams } from './trial-streams.ts';
import { watchRun } from './watch.ts';
import { createWorkspace } from './workspace.ts';

/**
 * Collects from a real Mosaic for a while, with the stage's own template and bundles, into the folder of delivered
 * objects. Time is the real one. Ctrl-C ends the reading early; what was read is still delivered.
 *
 * @returns 0 when everything that was collected is delivered, else 1
 */
export async function runApi(command: ApiCommand, context: RunContext): Promise<number> {
  const startedAt = performance.now();
  const credentials = readCredentials(context.env);
  const owned = await refuseOwnedStream(command);
  const planned = { ...command, owned, forText: durationText(command.forMs) };
  await agreeToTrial(planned, {
    yes: command.yes,
    terminal: { ask: context.ask, problem: (text) => void context.stderr.write(`${text}\n`) },
  });
  const folder = await prepareOut(command.out);
  const progress = createProgress(context.stderr);
  const invocations = watchInvocations();
  const endLines = watchEndLines();
  const clock = createVirtualClock({ mode: 'real' });
  const workspace = await createWorkspace();
  const closers: (() => unknown)[] = [() => workspace.remove(), () => clock.close()];
  try {
    progress.stage(`Synthesising stage ${command.stage}`, 'long');
    const prepared = await prepareTrialStage(command, context, workspace.assemblyDir);
    const { collectors } = prepared;
    const receivers = await startReceivers({ ...prepared, clock });
    closers.push(() => receivers.close());
    const { apiVersion, resource } = collectors[0]!;
    const trial = openTrialStreams({ url: command.url, apiVersion, resource, ...credentials });
    closers.push(async () => {
      const { started } = trial;
      const lines = changesText({ url: command.url, started, ...(await trial.close()) });
      for (const line of lines) context.stderr.write(`${line}\n`);
    });
    for (const collector of collectors) {
      context.signal.throwIfAborted();
      await trial.open(collector);
      progress.stage(
        `${trial.created.includes(collector) ? 'Created' : 'Found'} ${collector.type} stream ${collector.id}`,
      );
    }
    const { assemblyDir, workDir } = workspace;
    const world = await createWorld({
      assemblyDir,
      workDir,
      hosts: { ...receivers.hosts, ...prepared.mosaics },
      secrets: receivers.secrets,
      clock,
      mosaic: credentials,
      lambda: { ...invocations, onLog: endLines.onLog },
    });
    closers.push(() => world.close());
    receivers.attach(world);
    const streams = collectors.map(({ name }) => world.streams.find((stream) => stream.name === name)!);

    progress.stage(`Reading for ${durationText(command.forMs)} from ${command.url}`, 'long');
    await Promise.all(
      streams.map((stream) => readUntil(Date.now() + command.forMs, { stream, world, context })),
    );
    progress.stage('Delivering what was read', 'long');
    await deliverRest(world, streams);
    const generated = undefined;
    progress.stop();
    const outcomes = await readOutcomes({ world, streams, generated, receivers, folder, endLines });
    const facts = await readTrialFacts(world, { streams, readMs: command.forMs });
    for (const line of trialSummary(command.url, facts)) context.stdout.write(`${line}\n`);
    const code = showResult(outcomes, {
      ...command,
      world,
      context,
      source: { fatesOf: () => new Map() },
      invocations,
      elapsedMs: performance.now() - startedAt,
    });
    return context.signal.reason instanceof Interrupted ? context.signal.reason.exitCode : code;
  } finally {
    progress.stop();
    for (const closer of closers.reverse()) await closer();
  }
}

function readCredentials(env: RunContext['env']): {
  readonly clientId: string;
  readonly clientSecret: string;
} {
  const { MOSAIC_CLIENT_ID: clientId = '', MOSAIC_CLIENT_SECRET: clientSecret = '' } = env;
  const values = Object.entries({ MOSAIC_CLIENT_ID: clientId, MOSAIC_CLIENT_SECRET: clientSecret });
  const missing = values.flatMap(([name, value]) => (value.trim() === '' ? [name] : []));
  if (missing.length > 0)
    throw new WrongUse(`a real Mosaic needs ${missing.join(' and ')} in the environment`);
  return { clientId: clientId.trim(), clientSecret: clientSecret.trim() };
}

/**
 * Refuses a stream of the stage's own. Reading consumes: the stage's SIEMs would never get the events that a trial
 * reads.
 *
 * @returns true where the stream is one of the settings' own, and may be read
 */
async function refuseOwnedStream({ stream, owned, settings }: ApiCommand): Promise<boolean> {
  if (stream === undefined) return false;
  const { ids, writtenIn } = await ownedStreams(settings);
  if (!ids.has(stream)) return false;
  if (owned) return true;
  throw new WrongUse(
    `--stream ${stream} stands in ${writtenIn}, and what is read here its SIEMs never get; ` +
      'say --owned if that is meant',
  );
}

interface Reading {
  readonly stream: WorldStream;
  readonly world: World;
  readonly context: RunContext;
}

const pauseMs = 2_000;
const mostFailuresInARow = 3;

/** Runs the collector again and again, as its schedule would do every minute. */
async function readUntil(end: number, { stream, world, context }: Reading): Promise<void> {
  let failures = 0;
  while (Date.now() < end && !context.signal.aborted) {
    const invocation = await world.lambda.invoke(
      stream.functionLogicalId,
      { task: 'collect' },
      { kind: 'sync' },
    );
    failures = invocation.status === 'ok' ? 0 : failures + 1;
    if (failures === mostFailuresInARow) {
      const { errorMessage } = invocation.payload as { readonly errorMessage?: string };
      throw new RelayError('TrialFailed', `${stream.type}: ${errorMessage ?? invocation.status}`);
    }
    const pause = Math.max(0, Math.min(pauseMs, end - Date.now()));
    // An interrupt ends the pause, and with it the loop.
    await sleep(pause, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

const deliveryLimitMs = 60_000;

async function deliverRest(world: World, streams: readonly WorldStream[]): Promise<void> {
  const watch = watchRun({ world, streams, source: { generated: () => 0, waiting: () => 0 } });
  const end = Date.now() + deliveryLimitMs;
  while (!(await watch.settled()) && Date.now() < end) {
    for (const { functionLogicalId } of streams) {
      await world.lambda.invoke(functionLogicalId, { task: 'sweep' }, { kind: 'sync' });
    }
    world.firehose.flush();
    await sleep(200);
  }
}
