import { createDynamoState } from '../../functions/collector/adapters/dynamo-state.ts';
import type { State } from '../../functions/collector/ports.ts';
import { RelayError } from '../../functions/relay-error.ts';
import { CommandError } from '../command.ts';
import type { ArgumentFlag, Arguments } from '../read-arguments.ts';
import { assembleRelay } from './assemble-relay.ts';
import type { DeployedRelay, DeployedStream } from './deployed-relay.ts';
import { foreseen } from './foreseen.ts';
import { stackOnThisMachine } from './local-deployment.ts';

/** The flags that say which relay a command works on; every command takes them. */
export const relayFlags = {
  stage: { value: 'NAME' },
  region: { value: 'REGION' },
  local: {},
  out: { value: 'DIR' },
} as const satisfies Readonly<Record<string, ArgumentFlag>>;

/** Lines for a command's usage. */
export const relayFlagsUsage = `  --stage NAME      the stage of infra/config/stages.ts (dev)
  --region REGION   where it is deployed (AWS_REGION, or the profile's)
  --local           the local run (npm start -- --serve), rather than AWS
  --out DIR         with --local: the local run's --out folder (out)`;

/**
 * Finds the relay that a command is to work on, and sees that its table is one that this version understands.
 *
 * @throws {CommandError} for everything that an operator can mend, with exit code 2
 */
export async function openRelay(given: Arguments<typeof relayFlags>): Promise<DeployedRelay> {
  const stage = given.stage ?? 'dev';
  if (!/^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(stage)) {
    throw new CommandError(`--stage "${stage}" is not letters, digits and dashes`);
  }
  if (!given.local && given.out !== undefined)
    throw new CommandError('--out means something only with --local');
  const relay = assembleRelay(await findStack(stage, given));
  try {
    for (const stream of relay.streams) await checkTable(relay, stream);
    return relay;
  } catch (error) {
    relay.close();
    throw error;
  }
}

async function findStack(stage: string, { local, out, region }: Arguments<typeof relayFlags>) {
  if (local) return stackOnThisMachine(stage, out ?? 'out');
  // Loaded only where it is needed: these clients take half a second.
  const { stackOnAws } = await import('./stack-on-aws.ts');
  return stackOnAws(stage, region);
}

async function checkTable(relay: DeployedRelay, stream: DeployedStream): Promise<void> {
  const looked = { sought: `stream ${stream.name} in table ${relay.table}`, where: relay.place };
  try {
    await foreseen(looked, () => stateOf(relay, stream).readMeta());
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
    recordSeconds: stream.environment.RECORD_DAYS * 86_400,
  });
}
