/**
 * A whole account on this machine: what a synthesized stack declares, created by stand-ins and ready to be used.
 *
 * Nothing happens by itself: time moves when `clock` is advanced, and schedules fire after `startSchedules`.
 */
import { readAssembly, type StackAssembly } from './assembly/read-assembly.ts';
import { deleteStack, deployStack } from './aws/cloudformation/deploy.ts';
import type { DeployedResource, Deployment } from './aws/cloudformation/deployment.ts';
import { secretIds } from './aws/cloudformation/secret-ids.ts';
import type { CloudWatchStandIn } from './aws/control-plane/cloudwatch.ts';
import type { SnsStandIn } from './aws/control-plane/sns.ts';
import type { DynamoDbStandIn } from './aws/dynamodb.ts';
import type { FirehoseStandIn } from './aws/firehose/firehose.ts';
import type { Refusal } from './aws/gateway.ts';
import type { Credentials, Identities } from './aws/identities.ts';
import type { EventSources } from './aws/lambda/event-sources.ts';
import type { LambdaHost } from './aws/lambda/host.ts';
import { type LocalAccountOptions, startLocalAccount } from './aws/local-account.ts';
import type { Scheduler } from './aws/scheduler.ts';
import type { SecretsManagerStandIn } from './aws/secrets-manager.ts';
import type { SqsStandIn } from './aws/sqs.ts';
import type { VirtualClock } from './clock/virtual-clock.ts';
import type { Iam } from './iam/iam.ts';
import { callsCollector, readStreams, type WorldStream } from './world-streams.ts';

export interface World {
  readonly clock: VirtualClock;
  /** As it is now; another one after `update`. */
  readonly deployment: Deployment;
  readonly streams: readonly WorldStream[];
  readonly lambda: LambdaHost;
  readonly scheduler: Scheduler;
  readonly firehose: FirehoseStandIn;
  readonly dynamodb: DynamoDbStandIn;
  readonly secrets: SecretsManagerStandIn;
  readonly cloudWatch: CloudWatchStandIn;
  readonly sns: SnsStandIn;
  readonly sqs: SqsStandIn;
  /** The queues that functions are invoked by. */
  readonly eventSources: EventSources;
  readonly identities: Identities;
  readonly gatewayUrl: string;
  readonly region: string;
  /** Calls that the gateway knew nothing of: a run that made any has not shown what it claims. */
  readonly refusals: readonly Refusal[];
  /** What the template's policies refused, each naming who, which action and which resource. */
  readonly denials: readonly string[];
  readonly iam: Iam;
  /** For the runner's own reading of S3 and DynamoDB; allowed everything. */
  operatorCredentials(): Credentials;
  /** Lets schedules fire: those of the streams that are wanted, and those that belong to no stream. */
  startSchedules(wanted?: (stream: WorldStream) => boolean): void;
  /** Deploys the stack as another synth wrote it. @throws after rolling back to what was before */
  update(assemblyDir: string): Promise<void>;
  /** Deletes the stack; returns what its policies keep. */
  destroy(): Promise<readonly DeployedResource[]>;
  /** Ends every process and server. The clock stays its owner's to close. */
  close(): Promise<void>;
}

export interface WorldOptions extends Omit<LocalAccountOptions, 'accountId' | 'region'> {
  /** What `cdk synth` wrote. */
  readonly assemblyDir: string;
  /** Where the assembly has several stacks. */
  readonly stackName?: string;
  /** Of Mosaic's management app: becomes the value of every secret that a function names as `SECRET_ID`. */
  readonly mosaic: { readonly clientId: string; readonly clientSecret: string };
  /** Other secrets, such as destinations', by name or ARN. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Creates the stack. @throws naming the resource that could not be created; nothing is left running then */
export async function createWorld(options: WorldOptions): Promise<World> {
  const read = (dir: string) => readAssembly(dir, options.stackName);
  const stack = read(options.assemblyDir);
  const { accountId, region } = stack;
  const account = await startLocalAccount({ ...options, accountId, region });
  const put = new Set<string>();
  const putSecret = (id: string, value: string) => {
    // Once: a secret that a later update wrote again would look rotated.
    if (!put.has(id)) account.secrets.put(id, value);
    put.add(id);
  };
  const putSecrets = (wanted: StackAssembly) => {
    for (const [id, value] of Object.entries(options.secrets ?? {})) putSecret(id, value);
    const { clientId, clientSecret } = options.mosaic;
    const value = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
    for (const id of secretIds(wanted)) putSecret(id, value);
  };
  const deploy = async (wanted: StackAssembly, previous?: Deployment) => {
    putSecrets(wanted);
    const deployment = await deployStack(wanted, account, { previous });
    const streams = readStreams(deployment, account.lambda);
    // A quota is nothing that a template says: the settings name what was agreed with AWS.
    for (const { deliveryStream, quotaMiBPerSecond } of streams.flatMap(({ destinations }) => destinations))
      account.firehose.setQuota(deliveryStream, quotaMiBPerSecond);
    return { deployment, streams };
  };

  let current: Awaited<ReturnType<typeof deploy>>;
  try {
    current = await deploy(stack);
  } catch (error) {
    await account.close();
    throw error;
  }
  const { lambda, scheduler, firehose, dynamodb, secrets, identities, gateway, permissions } = account;
  const { sqs, eventSources, sns, cloudWatch } = account;
  return {
    clock: options.clock,
    get deployment() {
      return current.deployment;
    },
    get streams() {
      return current.streams;
    },
    lambda,
    scheduler,
    firehose,
    dynamodb,
    secrets,
    sqs,
    sns,
    cloudWatch,
    eventSources,
    identities,
    region,
    gatewayUrl: gateway.url,
    refusals: gateway.refusals,
    denials: permissions.denials,
    iam: permissions.iam,
    operatorCredentials: () => identities.issueTo({ kind: 'operator' }),
    startSchedules: (wanted = () => true) => {
      scheduler.start((schedule) => {
        const stream = current.streams.find((candidate) => callsCollector(schedule, candidate));
        return stream === undefined || wanted(stream);
      });
    },
    update: async (assemblyDir) => {
      current = await deploy(read(assemblyDir), current.deployment);
    },
    destroy: () => deleteStack(current.deployment, account),
    close: account.close,
  };
}
