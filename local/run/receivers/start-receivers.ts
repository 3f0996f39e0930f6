import type { Hosts, Template } from '@mosaic-relay/cdk-loopback';
import type { World } from '../../world.ts';
import { type DeclaredDestination, declaredDestinations } from './declared-destinations.ts';
import type { ReceiverKind, ReceiverMeans, StartedReceiver } from './receiver-kind.ts';
import { receiverKinds } from './receiver-kinds.ts';
import { createSecretStore } from './secret-store.ts';

/** The simulated SIEMs that a template's destinations go to. */
export interface Receivers {
  /** The local address of each address in the template. */
  readonly hosts: Hosts;
  /** The secrets that Secrets Manager must hold, by ARN. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Undefined where the destination's data stay in S3. */
  of(stream: string, destination: string): DestinationReceiver | undefined;
  /** The receivers' refusals, a line each. In a run without faults, each is a mistake of the relay or of a receiver. */
  refusals(): readonly string[];
  /** Lets the receivers recognise the callers of the world. */
  attach(world: World): void;
  close(): Promise<void>;
}

export interface DestinationReceiver extends StartedReceiver {
  /** True where several destinations go to it. */
  readonly shared: boolean;
  /** The address in the template: an https origin, or a domain's ARN. */
  readonly origin: string;
  /** Puts another token or key in force, in Secrets Manager too; absent where there is none. */
  readonly rotateSecret?: (oldValidForMs: number) => void;
}

/**
 * Starts every receiver. @throws naming an origin that two destinations reach with different settings; nothing is
 * left running then
 */
export async function startReceivers(options: {
  readonly template: Template;
  readonly clock: ReceiverMeans['clock'];
  readonly accountId: string;
}): Promise<Receivers> {
  const secrets = createSecretStore();
  let world: World | undefined;
  const means: ReceiverMeans = {
    clock: options.clock,
    accountId: options.accountId,
    secrets,
    identify: (accessKeyId) => {
      const held = world?.identities.credentialsOf(accessKeyId);
      return held && { ...held, sessionName: 'relay' };
    },
    roleArnOf: ({ told, property }) => {
      const properties = world?.deployment.get(told.deliveryStream).properties[property];
      return String((properties as { readonly RoleARN?: string } | undefined)?.RoleARN);
    },
  };
  const groups = groupByAddress(declaredDestinations(options.template));
  const started: (StartedReceiver & Group)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.splice(0).map(({ receiver }) => receiver.close()));
  };
  try {
    for (const group of groups)
      started.push({ ...group, ...(await group.kind.start(group.destinations, means)) });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    hosts: Object.fromEntries(
      started.flatMap(({ origins, receiver }) => origins.map((origin) => [origin, receiver.url])),
    ),
    secrets: secrets.values(),
    of(stream, destination) {
      const is = (one: DeclaredDestination) => one.stream === stream && one.told.name === destination;
      const found = started.find(({ destinations }) => destinations.some(is));
      const declared = found?.destinations.find(is);
      if (found === undefined || declared === undefined) return undefined;
      const secretArn = secretArnOf(declared);
      return {
        ...found,
        shared: found.destinations.length > 1,
        origin: found.origins[0]!,
        ...(secretArn !== undefined &&
          secrets.rotates(secretArn) && {
            rotateSecret(oldValidForMs: number) {
              world?.secrets.put(secretArn, secrets.rotate(secretArn, oldValidForMs));
            },
          }),
      };
    },
    refusals: () =>
      started.flatMap(({ origins, receiver }) =>
        receiver.refusals.map(
          ({ status, reason }) => `${origins[0]} refused a call with ${status}: ${reason}`,
        ),
      ),
    attach(created) {
      world = created;
    },
    close,
  };
}

interface Group {
  readonly kind: ReceiverKind;
  readonly origins: readonly string[];
  readonly destinations: readonly DeclaredDestination[];
}

function groupByAddress(destinations: readonly DeclaredDestination[]): readonly Group[] {
  const groups = new Map<string, Group & { readonly shared: string; destinations: DeclaredDestination[] }>();
  for (const destination of destinations) {
    for (const kind of receiverKinds) {
      const address = kind.address(destination);
      if (address === undefined) continue;
      const { origins, shared } = address;
      const key = origins.join(' ');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { kind, origins, shared, destinations: [destination] });
      else if (
        group.shared === shared &&
        group.destinations.every(({ stream }) => stream !== destination.stream)
      )
        group.destinations.push(destination);
      else throw new Error(conflict(origins[0]!, group.destinations[0]!, destination));
    }
  }
  return [...groups.values()];
}

function conflict(origin: string, one: DeclaredDestination, other: DeclaredDestination): string {
  const [first, second] = [one, other].map(({ stream, told }) => `${stream}/${told.name}`);
  return `${first} and ${second} both go to ${origin}, in different ways or from one stream: the local run has one simulated receiver for it`;
}

function secretArnOf({ properties, copier }: DeclaredDestination): string | undefined {
  const { SecretsManagerConfiguration: secret } = properties as {
    readonly SecretsManagerConfiguration?: { readonly SecretARN: string };
  };
  const arn = secret?.SecretARN ?? copier?.environment.ENTRA_SECRET_ID;
  return typeof arn === 'string' ? arn : undefined;
}
