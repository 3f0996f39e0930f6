import { collectorEnvironment } from '../../functions/collector/contract.ts';
import { copierEnvironment } from '../../functions/object-copier/contract.ts';
import { scheduleNameOf, shownNameOf } from '../../infra/config/names.ts';
import { CommandError } from '../command.ts';
import { connect, disconnect } from './connect.ts';
import type {
  Connection,
  DeployedCopier,
  DeployedRelay,
  DeployedStream,
  ScheduleAddress,
} from './deployed-relay.ts';

/** A stack as a command found it, on AWS or in a local run. */
export interface FoundStack {
  readonly stage: string;
  readonly place: string;
  readonly stackName: string;
  readonly account: string;
  readonly table: string;
  readonly bucket: string;
  /** The stack's output. */
  readonly costAtRest?: string | undefined;
  readonly functions: readonly FoundFunction[];
  readonly schedules: readonly ScheduleAddress[];
  readonly connection: Connection;
  readonly now: () => number;
}

export interface FoundFunction {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** ARNs of the queues that the function reads. */
  readonly queueArns: readonly string[];
}

/**
 * Builds the description of a relay from its functions' environments. A function with `SETTINGS` is a collector; a
 * function with `SINK` copies objects for a destination.
 *
 * @throws {CommandError} when a function's environment is another version's
 */
export function assembleRelay(found: FoundStack): DeployedRelay {
  const { connection, functions, schedules, costAtRest, ...facts } = found;
  const copiers = functions.flatMap((each) => (each.environment.SINK === undefined ? [] : [copierOf(each)]));
  const streams = functions
    .filter(({ environment }) => isCollectors(environment))
    .map((each) => streamFrom(each, { copiers, schedules }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const clients = connect(connection);
  return {
    ...facts,
    ...(costAtRest === undefined ? {} : { costAtRest: Number(costAtRest) }),
    region: connection.region,
    connection,
    streams,
    clients,
    close: () => disconnect(clients),
  };
}

function streamFrom(
  { name: functionName, environment: variables, memoryMb }: FoundFunction,
  known: { readonly copiers: readonly DeployedCopier[]; readonly schedules: readonly ScheduleAddress[] },
): DeployedStream {
  const { SETTINGS: settings } = parsed(collectorEnvironment.safeParse(variables), functionName);
  const name = settings.name;
  const scheduleFor = (task: 'collect' | 'sweep') => {
    const schedule = known.schedules.find((each) => each.name === scheduleNameOf(name, task));
    return schedule === undefined ? {} : { [task]: schedule };
  };
  return {
    name,
    label: shownNameOf(settings),
    id: settings.id,
    type: settings.type,
    functionName,
    memoryMb,
    schedules: { ...scheduleFor('collect'), ...scheduleFor('sweep') },
    destinations: settings.destinations.map((destination) => {
      const copier = known.copiers.find(
        (each) => each.environment.STREAM_NAME === name && each.environment.DESTINATION === destination.name,
      );
      return copier === undefined ? destination : { ...destination, copier };
    }),
    settings,
  };
}

/** Version 0.1.0 gave a collector one variable for each setting, `DESTINATIONS` among them. */
function isCollectors({ SETTINGS, DESTINATIONS }: FoundFunction['environment']): boolean {
  return SETTINGS !== undefined || DESTINATIONS !== undefined;
}

function copierOf({ name, environment, queueArns }: FoundFunction): DeployedCopier {
  const [queueArn] = queueArns;
  if (queueArn === undefined) {
    throw new CommandError(`function ${name} reads no queue; deploy the stack again`);
  }
  return {
    functionName: name,
    environment: parsed(copierEnvironment.safeParse(environment), name),
    queueArn,
  };
}

interface Parsed<Value> {
  readonly success: boolean;
  readonly data?: Value | undefined;
  readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] } | undefined;
}

function parsed<Value>({ data, error }: Parsed<Value>, functionName: string): Value {
  if (data !== undefined) return data;
  const names = (error?.issues ?? []).map(({ path }) => path.join('.')).join(', ');
  throw new CommandError(
    `the environment of function ${functionName} is another version's, see ${names}; use the commands of the ` +
      'version that was deployed',
  );
}
