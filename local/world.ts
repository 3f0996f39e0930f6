/**
 * The relay on this machine: a stack as `cdk synth` wrote it, with the streams that its collectors read.
 *
 * Nothing happens by itself: time moves when `clock` is advanced, and schedules fire after `startSchedules`.
 */
import {
  type LocalStack,
  type LocalStackOptions,
  type StackAssembly,
  startStack,
  variableValues,
} from '@mosaic-relay/cdk-loopback';
import type { CompiledView } from '../functions/stored/compiled-view.ts';
import { bundledViews, viewKeyId, viewKeys } from './view-keys.ts';
import { callsCollector, readStreams, type WorldStream } from './world-streams.ts';

export interface World extends Omit<LocalStack, 'startSchedules'> {
  readonly streams: readonly WorldStream[];
  /** The compiled views of the stack as it was created, by their labels. */
  readonly views: Readonly<Record<string, CompiledView>>;
  /** The ids of the keys that views have had so far, the first one first. */
  readonly viewKeyIds: readonly string[];
  /** Puts a new key in every secret of views, as an operator does. A process reads its key once. */
  rotateViewKeys(): void;
  /** Lets schedules fire: those of the streams that are wanted, and those that belong to no stream. */
  startSchedules(wanted?: (stream: WorldStream) => boolean): void;
}

export interface WorldOptions extends Omit<LocalStackOptions, 'secrets' | 'onDeployed'> {
  /** Of Mosaic's management app: becomes the value of every secret that a function names as `SECRET_ID`. */
  readonly mosaic: { readonly clientId: string; readonly clientSecret: string };
  /** Reads the streams out of what was deployed, where an older version's collectors take part. */
  readonly readStreams?: typeof readStreams;
  /** Other secrets, such as destinations', by name or ARN. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Creates the stack. @throws naming the resource that could not be created; nothing is left running then */
export async function createWorld({
  mosaic,
  secrets,
  readStreams: read = readStreams,
  ...options
}: WorldOptions): Promise<World> {
  let streams: readonly WorldStream[] = [];
  const views = bundledViews(options.assemblyDir);
  const viewKeyIds = [viewKeyId(0)];
  const stack = await startStack({
    ...options,
    secrets: (wanted) => ({ ...mosaicSecrets(wanted, mosaic), ...viewKeys(views), ...secrets }),
    onDeployed: (deployment, { lambda, firehose }) => {
      streams = read(deployment, lambda);
      // A quota is nothing that a template says: the settings name what was agreed with AWS.
      for (const { deliveryStream, quotaMiBPerSecond } of streams.flatMap(({ destinations }) => destinations))
        firehose.setQuota(deliveryStream, quotaMiBPerSecond);
    },
  });
  return {
    ...stack,
    get deployment() {
      return stack.deployment;
    },
    views,
    viewKeyIds,
    rotateViewKeys: () => {
      const next = viewKeys(views, viewKeyIds.length);
      viewKeyIds.push(viewKeyId(viewKeyIds.length));
      for (const [arn, value] of Object.entries(next)) stack.secrets.put(arn, value);
    },
    get streams() {
      return streams;
    },
    startSchedules: (wanted = () => true) => {
      stack.startSchedules((schedule) => {
        const stream = streams.find((candidate) => callsCollector(schedule, candidate));
        return stream === undefined || wanted(stream);
      });
    },
  };
}

function mosaicSecrets(
  stack: StackAssembly,
  { clientId, clientSecret }: WorldOptions['mosaic'],
): Readonly<Record<string, string>> {
  const value = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
  return Object.fromEntries(variableValues(stack, 'SECRET_ID').map((id) => [id, value]));
}
