import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock, readAssembly, type VirtualClock } from '@mosaic-relay/cdk-loopback';
import { type Simulator, type SimulatorOptions, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { adoptNamed } from '../../infra/config/adopt.ts';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { leaveUndelivered } from '../../infra/config/leave-undelivered.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import { stageApp } from '../../infra/stage-app.ts';
import { type Receivers, startReceivers } from '../../local/run/receivers/start-receivers.ts';
import { createWorld, type World, type WorldOptions } from '../../local/world.ts';
import { stageSettings } from './synthesized.ts';

/** A stage of test settings, deployed on this machine against Mosaic's simulator. */
export interface LocalDeployment {
  readonly world: World;
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly receivers: Receivers;
  /** The template of the first deploy, as text. */
  readonly template: string;
  /** Every line that a function wrote. */
  readonly logs: readonly string[];
  /** What every failed invocation was answered. */
  readonly messages: readonly string[];
  /**
   * Deploys other settings over it.
   *
   * @param context what stands behind `-c`
   * @throws what CloudFormation would show
   */
  update(changes: Partial<StageSettings>, context?: DeployContext): Promise<void>;
  close(): Promise<void>;
}

export interface DeployContext {
  readonly adopt?: string;
  readonly undelivered?: string;
}

export interface LocalDeploymentOptions {
  readonly settings: Partial<StageSettings>;
  readonly simulator?: Partial<SimulatorOptions>;
  /** A Mosaic that is there already, its owner's to close; by default one of its own. */
  readonly mosaic?: Simulator;
  /** What `-c adopt=` names. */
  readonly adopt?: string;
  readonly gateway?: WorldOptions['gateway'];
  /** Addresses beside those of Mosaic and the receivers. */
  readonly hosts?: WorldOptions['hosts'];
  /** Text of the secret that holds Mosaic's client; by default the simulator's own. */
  readonly mosaicSecret?: string;
  /** Changes the first assembly, in its folder, before it is deployed. */
  readonly edit?: (assemblyDir: string) => void;
  /** By default one that jumps. */
  readonly clock?: VirtualClock;
}

export async function deployLocally(options: LocalDeploymentOptions): Promise<LocalDeployment> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-deployment-'));
  const clock = options.clock ?? createVirtualClock({ startAt: Date.UTC(2026, 2, 2, 8) });
  const own = { clock, seed: 1, switches: [], ...options.simulator };
  const simulator = options.mosaic ?? (await startSimulator(own));
  const logs: string[] = [];
  const messages: string[] = [];
  let receivers: Receivers | undefined;
  const closeAround = async () => {
    await receivers?.close();
    if (options.mosaic === undefined) await simulator.close();
    clock.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  let count = 0;
  const synthesized = (changes: Partial<StageSettings>, { adopt, undelivered }: DeployContext = {}) => {
    const outdir = join(folder, `assembly-${++count}`);
    mkdirSync(outdir);
    const chosen = leaveUndelivered(
      adoptNamed(chooseStage({ test: stageSettings(changes) }, 'test'), adopt),
      undelivered,
    );
    if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
    stageApp(chosen.stage, { outdir }).synth();
    return outdir;
  };
  try {
    const assemblyDir = synthesized(options.settings, { adopt: options.adopt });
    options.edit?.(assemblyDir);
    const { template, accountId } = readAssembly(assemblyDir);
    receivers = await startReceivers({ template, clock, accountId });
    const mosaicSecret: Record<string, string> =
      options.mosaicSecret === undefined ? {} : { 'relay/test': options.mosaicSecret };
    const world = await createWorld({
      assemblyDir,
      workDir: join(folder, 'work'),
      hosts: { ...receivers.hosts, 'https://api.sbx.transmitsecurity.io': simulator.url, ...options.hosts },
      mosaic: simulator,
      secrets: { ...receivers.secrets, ...mosaicSecret },
      clock,
      gateway: options.gateway,
      lambda: {
        onLog: (_, line) => logs.push(line),
        onInvocation: ({ status, payload }) => status !== 'ok' && messages.push(JSON.stringify(payload)),
      },
    });
    receivers.attach(world);
    return {
      world,
      simulator,
      clock,
      receivers,
      template: JSON.stringify(template),
      logs,
      messages,
      update: async (changes, context) => world.update(synthesized(changes, context)),
      close: async () => {
        await world.close();
        await closeAround();
      },
    };
  } catch (error) {
    await closeAround();
    throw error;
  }
}
