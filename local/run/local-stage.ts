import { createVirtualClock, readAssembly, watchedHooks, watchMetrics } from '@mosaic-relay/cdk-loopback';
import { type Interfere, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { createWorld, type WorldOptions } from '../world.ts';
import { untilAborted } from './interrupt.ts';
import type { LocalStage } from './opened-stage.ts';
import { runStartsAt } from './options.ts';
import type { Progress } from './progress.ts';
import { startReceivers } from './receivers/start-receivers.ts';
import type { RunContext } from './run-context.ts';
import { simulatedSource } from './simulated-source.ts';
import { mosaicOriginsOf } from './stack-template.ts';
import { createStreamIds } from './stream-ids.ts';
import { synthesizeStage } from './synthesize-stage.ts';
import { isWitness, witnessesOf } from './witness-watch.ts';
import { createWorkspace } from './workspace.ts';

/**
 * Opens a stage on this machine: synthesised, deployed on simulated services, with its streams opened in Mosaic's
 * simulator. No event has been raised and no schedule started.
 *
 * @throws errors of the synth or of a simulated service; nothing is left running then
 */
export async function openLocalStage(options: LocalStageOptions): Promise<LocalStage> {
  const { context, progress } = options;
  const workspace = await createWorkspace();
  const closers = [() => workspace.remove()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    progress.stage(`Synthesising stage ${options.stage}`, 'long');
    await synthesizeStage(context, {
      stage: options.stage,
      outdir: workspace.assemblyDir,
      witness: options.witness,
      settings: options.settings,
    });
    const { template, accountId } = readAssembly(workspace.assemblyDir);
    const firstDir = options.first && (await workspace.addFolder('first'));
    if (firstDir !== undefined) await options.first?.(firstDir);

    const clock = createVirtualClock({ startAt: runStartsAt });
    closers.push(async () => clock.close());
    const simulator = await startSimulator({
      clock,
      seed: options.seed,
      switches: options.source,
      interfere: options.mosaic,
      variety: options.variety,
      averageBytes: options.averageBytes,
      latencyMs: options.latencyMs,
      documentedOnly: options.documentedOnly,
    });
    closers.push(() => simulator.close());

    progress.stage('Starting the simulated services and creating what the template declares', 'long');
    const receivers = await startReceivers({ template, clock, accountId });
    closers.push(() => receivers.close());
    const mosaics = mosaicOriginsOf(template).map((origin) => [origin, simulator.url] as const);
    const hosts = { ...receivers.hosts, ...Object.fromEntries(mosaics) };
    const metrics = watchMetrics(clock);
    const creating = createWorld({
      ...options.world,
      ...watchedHooks(options.world ?? {}, metrics),
      assemblyDir: firstDir ?? workspace.assemblyDir,
      workDir: workspace.workDir,
      hosts,
      seed: options.seed,
      mosaic: simulator,
      secrets: receivers.secrets,
      clock,
    });
    closers.push(async () => (await creating.catch(() => undefined))?.close());
    const world = await untilAborted(context.signal, creating);
    receivers.attach(world);
    const streams = options.types.flatMap((type) =>
      world.streams.filter((stream) => stream.type === type && !isWitness(stream)),
    );
    const witnesses = witnessesOf(streams, world);
    const ids = createStreamIds();
    const source = simulatedSource(simulator, ids);
    return { world, simulator, source, ids, streams, witnesses, receivers, metrics, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface LocalStageOptions {
  readonly context: RunContext;
  readonly progress: Progress;
  readonly stage: string;
  readonly types: readonly string[];
  readonly seed: number;
  /** The simulator's switches. */
  readonly source: readonly string[];
  /** Number of different events of a type; the simulator's default when absent. */
  readonly variety?: number;
  /** Average bytes of an event; the simulator's default when absent. */
  readonly averageBytes?: number;
  /** True where no event has a member that no document names. */
  readonly documentedOnly?: boolean;
  /** Milliseconds that every answer of Mosaic takes, on the run's clock. */
  readonly latencyMs?: number;
  /** Gives a witness to each stream that has none. */
  readonly witness?: 'detect' | 'recover';
  /** A module of settings in place of the project's own. */
  readonly settings?: string;
  /** The hook for every call of Mosaic, for faults. */
  readonly mosaic?: Interfere;
  /** Hooks into the world. */
  readonly world?: Pick<
    WorldOptions,
    'authorize' | 'gateway' | 'lambda' | 'scheduler' | 'firehose' | 'readStreams'
  >;
  /** Writes an assembly that is deployed in place of the synthesized one, of the same receivers. */
  readonly first?: (outdir: string) => Promise<void>;
}
