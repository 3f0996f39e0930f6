import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { describeWorld } from '../../../local/run/deployed-relay.ts';
import { deployLocally, type LocalDeployment } from '../../infra/local-deployment.ts';
import { type CommandRun, localRunFolder, runRelay } from '../run-relay.ts';

export const hourMs = 3_600_000;
/** Events that each delivery stream was put before the destination leaves. */
export const events = 60;
const gcs = {
  kind: 'gcs',
  bucket: 'mosaic-events',
  provider:
    '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
} as const;
const stream: StreamSettings = {
  name: 'cis',
  id: 'relay-cis',
  type: 'cis',
  destinations: [{ kind: 's3', name: 'lake' }, gcs],
};
const without: StreamSettings = { ...stream, destinations: [{ kind: 's3', name: 'lake' }] };

/** A local stage whose destination `gcs` has left the settings, with the schedules of the stream lifecycle alone. */
export interface KeptStage {
  readonly stack: LocalDeployment;
  run(...args: readonly string[]): Promise<CommandRun>;
  /** Types of the resources that are kept. */
  types(): readonly string[];
  google(): NonNullable<ReturnType<LocalDeployment['receivers']['of']>>['receiver'];
  linesAtGoogle(): Promise<number>;
  pass(ms: number): Promise<void>;
  /** Lets Google refuse every upload, or none. */
  refuse(refuses: { readonly uploads: boolean }): void;
  close(): Promise<void>;
}

/** @param options.waitMs time from the puts to the removal; 0 leaves all events in Firehose's buffer */
export async function startKeptStage(options: {
  readonly refuses: boolean;
  readonly waitMs: number;
}): Promise<KeptStage> {
  const stack = await deployLocally({ settings: { streams: [stream] } });
  const { clock, simulator, world } = stack;
  const stage: KeptStage = {
    stack,
    async run(...args) {
      const folder = await localRunFolder(describeWorld(world, 'test', world.operatorCredentials()));
      try {
        return await runRelay([...args, '--local', '--stage', 'test', '--out', folder.path]);
      } finally {
        await folder.remove();
      }
    },
    types: () => world.deployment.kept.map(({ type }) => type),
    google: () => stack.receivers.of('cis', 'gcs')!.receiver,
    async linesAtGoogle() {
      let lines = 0;
      await stage.google().eachLine(() => {
        lines += 1;
      });
      return lines;
    },
    async pass(ms) {
      await clock.runUntil(() => false, clock.now() + ms);
    },
    refuse({ uploads }) {
      const refusal = { status: 503, headers: { 'retry-after': '120' }, paths: /^\/(upload|storage)\// };
      stage.google().faults.refuse = uploads ? refusal : undefined;
    },
    close: () => stack.close(),
  };
  stage.refuse({ uploads: options.refuses });
  simulator.generate('cis', events);
  world.startSchedules();
  const put = () => world.firehose.names.every((name) => world.firehose.stats(name).records > 0);
  await clock.runUntil(put, Number.POSITIVE_INFINITY);
  await stage.pass(options.waitMs);
  world.scheduler.stop();
  await stack.update({ streams: [without] });
  // Those of the stream lifecycle alone: whole days of collecting would prove nothing here.
  world.startSchedules(() => false);
  return stage;
}
