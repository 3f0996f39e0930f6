import { createDynamoState } from '../../functions/collector/adapters/dynamo-state.ts';
import type { State } from '../../functions/collector/protocol/ports/state.ts';
import { RelayError } from '../../functions/relay-error.ts';
import { noSuchStage } from '../../infra/config/which-stage.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { CommandError } from '../command.ts';
import { assembleRelay } from './assemble-relay.ts';
import type { DeployedRelay, DeployedStream } from './deployed-relay.ts';
import { explainingFailure } from './explain-failure.ts';
import { stackOnThisMachine } from './local-deployment.ts';
import { NoRegion } from './no-region.ts';
import { readSettings, settingsFlag, stageAsked, stageFlag } from './settings-file.ts';

/** The flag that names one stream of the stage. */
export const streamFlag = {
  value: 'ID',
  text: "the stream, by its name in the settings or by Mosaic's id",
} as const;

/** The flags of a command for one stream, or for all of the stage. */
export const streamOrAllFlags = { stream: streamFlag, all: { text: 'every stream of the stage' } } as const;

/** The flags that say which relay a command works on. Every command that works on one takes them. */
export const relayFlags = {
  stage: stageFlag,
  region: {
    value: 'REGION',
    text: "where the stage is deployed; by default AWS_REGION, the profile's region, or that of the nearest cdk.json's settings",
  },
  settings: {
    ...settingsFlag,
    not: ['local'],
    text: "the settings file, whose region of the stage is taken; doctor reads the stages.ts of the nearest cdk.json's app without it",
  },
  local: { text: 'work on the local run (npm start -- --serve) in place of AWS' },
  out: { value: 'DIR', with: ['local'], default: 'out', text: "with --local: the local run's --out folder" },
} as const satisfies Flags;

/**
 * Finds the relay that a command works on, and checks that this version understands its table.
 *
 * @throws {CommandError} for everything that an operator can put right, with exit code 2
 */
export async function openRelay(given: Values<typeof relayFlags>): Promise<DeployedRelay> {
  const relay = assembleRelay(await findStack(given));
  try {
    for (const stream of relay.streams) await checkTable(relay, stream);
    return relay;
  } catch (error) {
    relay.close();
    throw error;
  }
}

async function findStack(given: Values<typeof relayFlags>) {
  const { local, out, region, settings } = given;
  const stage = await stageAsked(given);
  if (local) return stackOnThisMachine(stage, out);
  // Loaded only where it is needed: these clients take half a second.
  const { stackOnAws } = await import('./stack-on-aws.ts');
  const told = region ?? (settings && (await regionInSettings(stage, settings)));
  return withRegion({ stage, told }, (where) => stackOnAws(stage, where));
}

/** Calls with the region that a flag told. Where none did, and AWS's own configuration has none: with that of the nearest settings. */
export async function withRegion<Found>(
  { stage, told }: { readonly stage: string; readonly told: string | undefined },
  call: (region: string | undefined) => Promise<Found>,
): Promise<Found> {
  try {
    return await call(told);
  } catch (error) {
    if (!(error instanceof NoRegion)) throw error;
    // Settings that cannot be read must not keep an operator from what is deployed.
    const inSettings = await regionInSettings(stage).catch(() => undefined);
    if (inSettings === undefined) throw error;
    return call(inSettings);
  }
}

/** The region that a file of settings gives a stage. @returns undefined where the stage leaves its region to the credentials' profile */
export async function regionInSettings(stage: string, settings?: string): Promise<string | undefined> {
  const { stages, shown } = await readSettings(settings);
  if (Object.hasOwn(stages, stage)) return stages[stage]?.region;
  throw new CommandError(noSuchStage(stage, stages, shown));
}

async function checkTable(relay: DeployedRelay, stream: DeployedStream): Promise<void> {
  const looked = { sought: `stream ${stream.label} in table ${relay.table}`, where: relay.place };
  try {
    await explainingFailure(looked, () => stateOf(relay, stream).meta.readMeta());
  } catch (error) {
    if (error instanceof RelayError && error.code === 'TableFromNewerVersion') {
      throw new CommandError(
        `table ${relay.table} in ${relay.place} is from a newer version of the relay; use that version's commands`,
      );
    }
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new CommandError(
        `looked for table ${relay.table} of ${relay.place}: it is not there; deploy it again`,
      );
    }
    throw error;
  }
}

/** A stream's metadata. */
export function stateOf(relay: DeployedRelay, stream: DeployedStream): State {
  return createDynamoState({
    client: relay.clients.dynamoDb,
    tableName: relay.table,
    streamName: stream.name,
    streamId: stream.id,
    type: stream.type,
    recordSeconds: stream.settings.recordDays * 86_400,
  });
}
