import { join } from 'node:path';
import type { AwsCall, Deployment, Interference } from '@mosaic-relay/cdk-loopback';
import type { FaultSet, FaultyStage, SettingsChange } from '../../../local/run/fault-set.ts';
import { journaledBy } from '../../../local/run/journal-call.ts';
import { noMore } from '../../../local/run/settings/more-destinations.ts';
import { batchesOwedTo } from '../../../local/run/settings/owed-batches.ts';
import { asWritten } from '../../../local/run/settings/settings-variants.ts';
import type { WorldStream } from '../../../local/world-streams.ts';
import { keptVersions, unpackRelease } from '../../release/kept-release.ts';
import { drawFaults, type EverythingPlan, type PlanOptions } from '../everything/draw-faults.ts';
import { everythingFaults, prepareFaults } from '../everything/everything-faults.ts';
import { minuteMs } from '../everything/windows.ts';
import { readStreamsOfAnyVersion } from './first-streams.ts';

/**
 * An earlier release that is deployed and runs under faults, today's version over it, the earlier one again, and
 * today's again. Before each deploy the delivery streams take nothing and a run of each stream is killed behind its
 * journal, so that the version that comes finds open runs, batches and a lease of the one before.
 */
export const upgradeFaults: FaultSet = {
  ...everythingFaults,
  raiseEveryMs: 5 * minuteMs,
  settings: join(import.meta.dirname, '../../release/settings.ts'),
  prepare(seed, options) {
    const versions = keptVersions();
    const version = versions[seed % versions.length]!;
    const unpack = async (outdir: string): Promise<void> => unpackRelease(version, outdir);
    const faults = prepareFaults(seed, planOf(seed, options));
    const { injector } = faults;
    let stage: FaultyStage | undefined;
    let beganAt = 0;
    let lasting: ReadonlyMap<string, string> = new Map();
    const killed = new Set<string>();
    const changes: SettingsChange[] = deploys.map(({ back, ...deploy }) => ({
      ...deploy,
      name: back ? `went back to ${version}` : `upgraded from ${version}`,
      to: asWritten,
      ...(back && { assembly: unpack }),
      ready: async () => {
        for (const stream of stage!.streams) if (!(await isOwed(stream, stage!))) return false;
        for (const stream of stage!.streams) injector.note(stream, whileOwed);
        return true;
      },
    }));
    const left = [...changes];
    const isHeld = (): boolean =>
      left[0] !== undefined &&
      stage !== undefined &&
      stage.world.clock.now() >= beganAt + left[0].afterMs - heldMs;
    /** A write that arrives long after its process is no fault here: the version that comes may not let it in. */
    const beforeDeploy = (call: AwsCall): Interference | undefined => {
      const caller = injector.callerOf(call);
      if (caller === undefined || !stage!.streams.includes(caller.stream)) return undefined;
      if (call.operation === 'PutRecordBatch') return { skipEffect: true, outcome: notNow };
      const key = `${left.length} ${caller.stream.name}`;
      if (journaledBy(call)?.streamName !== caller.stream.name || killed.has(key)) return undefined;
      killed.add(key);
      injector.note(caller.stream, killedBefore);
      return { after: async () => injector.kill(caller, 'killed', killedBefore), outcome: 'reset' };
    };
    return {
      ...faults,
      first: unpack,
      changes,
      world: {
        ...faults.world,
        readStreams: readStreamsOfAnyVersion,
        gateway: {
          ...faults.world.gateway,
          interfere: (call) => (isHeld() ? beforeDeploy(call) : faults.world.gateway?.interfere?.(call)),
        },
      },
      begin(begun) {
        stage = begun;
        beganAt = begun.world.clock.now();
        lasting = lastingIn(begun.world.deployment);
        return faults.begin(begun);
      },
      note(stream, name) {
        const now = lastingIn(stage!.world.deployment);
        for (const [id, named] of lasting)
          if (now.get(id) !== named)
            throw new Error(`${name}: ${id} was ${named}, and is ${now.get(id) ?? 'gone'}`);
        if (left[0]?.name === name && stream === stage!.streams.at(-1)) left.shift();
        injector.note(stream, name);
      },
    };
  },
};

/** Times from the beginning. */
const deploys = [
  { afterMs: 20 * minuteMs, back: false },
  { afterMs: 46 * minuteMs, back: true },
  { afterMs: 72 * minuteMs, back: false },
] as const;

/** Long enough for a run and a sweep. What a killed run leaves is sealed after ten minutes, well before the next deploy. */
const heldMs = 8 * minuteMs;

export const whileOwed = 'deployed while batches waited';
export const killedBefore = 'killed behind its journal before a deploy';

/** The faults that version 0.1.0 was made for; what was found later is no part of an upgrade. */
function planOf(seed: number, options: PlanOptions): EverythingPlan {
  const { freeze, tableOutage } = drawFaults(seed, options);
  return {
    lastsMs: 85 * minuteMs,
    episodes: 0,
    freeze,
    // Events come before every deploy.
    backlog: false,
    more: noMore,
    views: false,
    changes: [],
    ...(tableOutage && { tableOutage }),
  };
}

async function isOwed(stream: WorldStream, { world }: FaultyStage): Promise<boolean> {
  for (const { name } of stream.destinations) if ((await batchesOwedTo(name, stream, world)) > 0) return true;
  return false;
}

/** What holds events or progress: the name on AWS, by logical id. */
function lastingIn(deployment: Deployment): ReadonlyMap<string, string> {
  const found = lastingTypes.flatMap((type) => deployment.byType(type));
  return new Map(found.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
}

const lastingTypes = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'Custom::MosaicStream',
];

const notNow = { status: 400, code: 'AccessDeniedException', message: 'Not now.' } as const;
