import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type {
  CollectorDestination,
  CollectorSettings,
  EventType,
} from '../../functions/collector/contract.ts';
import type { CopierEnvironment } from '../../functions/object-copier/contract.ts';
import { shown } from '../arguments/wrong-use.ts';
import { CommandError } from '../command.ts';

/** A deployed stage of the relay, on AWS or in a local run. Every command works on one. */
export interface DeployedRelay {
  readonly stage: string;
  /** The place of the stage, for messages: `stack mosaic-relay-dev in eu-west-1 of account 111122223333`. */
  readonly place: string;
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
  /** Name of the table of the streams' metadata. */
  readonly table: string;
  readonly bucket: string;
  /** Dollars a month while no event comes. Absent where an earlier version was deployed. */
  readonly costAtRest?: number;
  /** In the order of their names. */
  readonly streams: readonly DeployedStream[];
  readonly clients: RelayClients;
  /** The configuration with which any other AWS client reaches the same place. */
  readonly connection: Connection;
  /** Milliseconds since the epoch: a local run has a clock of its own. */
  now(): number;
  /** Closes the clients. */
  close(): void;
}

export interface DeployedStream {
  /** Its stable name in the relay, which everything stored and every name on AWS has. */
  readonly name: string;
  /** Its name in the settings, by which people call it. It differs from the stable name of a renamed stream. */
  readonly label: string;
  /** Mosaic's id. */
  readonly id: string;
  readonly type: EventType;
  readonly functionName: string;
  /** Of that function. */
  readonly memoryMb: number;
  readonly schedules: Readonly<Partial<Record<'collect' | 'sweep', ScheduleAddress>>>;
  readonly destinations: readonly DeployedDestination[];
  /** The settings of its collector. */
  readonly settings: CollectorSettings;
}

export interface ScheduleAddress {
  readonly name: string;
  readonly group: string;
}

export interface DeployedDestination extends CollectorDestination {
  /** Set if an object copier delivers the objects from S3 to the receiver. */
  readonly copier?: DeployedCopier;
}

export interface DeployedCopier {
  readonly functionName: string;
  readonly environment: CopierEnvironment;
  /** Of the queue that it reads, whose dead letters lie at its `DEAD_LETTER_QUEUE_URL`. */
  readonly queueArn: string;
}

export interface RelayClients {
  readonly dynamoDb: DynamoDBClient;
  readonly firehose: FirehoseClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** Spread into a client's configuration. Empty members mean the SDK's own ways. */
export interface Connection {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * The streams that a command works on: the one that `--stream` names or, without the flag, every one. @throws
 * {CommandError}
 */
export function streamsOf(relay: DeployedRelay, nameOrId: string | undefined): readonly DeployedStream[] {
  return nameOrId === undefined ? relay.streams : [streamOf(relay, nameOrId)];
}

/**
 * One stream, by its name in the settings, the name under which it began, or Mosaic's id.
 *
 * @throws {CommandError} naming the streams that there are
 */
export function streamOf(relay: DeployedRelay, nameOrId: string): DeployedStream {
  const found =
    relay.streams.find(({ label }) => label === nameOrId) ??
    relay.streams.find(({ name }) => name === nameOrId) ??
    relay.streams.find(({ id }) => id === nameOrId);
  if (found !== undefined) return found;
  const known = relay.streams.map(({ name, label, id }) => {
    const others = [...(label === name ? [] : [`was ${name}`]), ...(label === id ? [] : [id])];
    return others.length === 0 ? label : `${label} (${others.join(', ')})`;
  });
  const there = known.length === 0 ? 'it has none' : `there are ${known.join(', ')}`;
  throw new CommandError(`there is no stream ${shown(nameOrId)} in ${relay.place}; ${there}`);
}

/** One destination of a stream. @throws {CommandError} naming those that there are */
export function destinationOf(stream: DeployedStream, name: string): DeployedDestination {
  const found = stream.destinations.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = stream.destinations.map((each) => each.name).join(', ');
  throw new CommandError(
    `stream ${stream.label} has no destination ${shown(name)}; it has ${known || 'none'}`,
  );
}
