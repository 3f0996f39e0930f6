import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageSettings } from '../../infra/config/settings.ts';
import { relayApp } from '../../infra/relay-app.ts';
import { createVirtualClock, type VirtualClock } from '../../local/clock/virtual-clock.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../local/mosaic/simulator.ts';
import { createWorld, type World } from '../../local/world.ts';
import { stageOf, stageSettings } from './synthesized.ts';

/** A stage of test settings, deployed on this machine against Mosaic's simulator. */
export interface LocalDeployment {
  readonly world: World;
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  /** Every line that a function wrote. */
  readonly logs: readonly string[];
  /** Deploys other settings over it. @throws what CloudFormation would show */
  update(changes: Partial<StageSettings>): Promise<void>;
  close(): Promise<void>;
}

export interface LocalDeploymentOptions {
  readonly settings: Partial<StageSettings>;
  readonly simulator?: Partial<SimulatorOptions>;
  /** Text of the secret that holds Mosaic's client; by default the simulator's own. */
  readonly mosaicSecret?: string;
}

export async function deployLocally(options: LocalDeploymentOptions): Promise<LocalDeployment> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-deployment-'));
  const clock = createVirtualClock({ startAt: Date.UTC(2026, 2, 2, 8) });
  const simulator = await startSimulator({ clock, seed: 1, switches: [], ...options.simulator });
  const logs: string[] = [];
  const closeAround = async () => {
    await simulator.close();
    clock.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  let count = 0;
  const synthesized = (changes: Partial<StageSettings>) => {
    const outdir = join(folder, `assembly-${++count}`);
    mkdirSync(outdir);
    relayApp(stageOf(stageSettings(changes)), { outdir }).synth();
    return outdir;
  };
  try {
    const world = await createWorld({
      assemblyDir: synthesized(options.settings),
      workDir: join(folder, 'work'),
      hosts: { 'https://api.sbx.transmitsecurity.io': simulator.url },
      mosaic: simulator,
      ...(options.mosaicSecret === undefined ? {} : { secrets: { 'relay/test': options.mosaicSecret } }),
      clock,
      lambda: { onLog: (_, line) => logs.push(line) },
    });
    return {
      world,
      simulator,
      clock,
      logs,
      update: (changes) => world.update(synthesized(changes)),
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
