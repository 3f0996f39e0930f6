/**
 * A synthesized stack on this machine: everything that its template declares, created by stand-ins and ready to use.
 *
 * Nothing happens by itself: time moves when `clock` is advanced, and schedules fire after `startSchedules`.
 */
import { readAssembly, type StackAssembly } from './assembly/read-assembly.ts';
import { type DeployOptions, deleteStack, deployStack } from './aws/cloudformation/deploy.ts';
import type { DeployedResource, Deployment } from './aws/cloudformation/deployment.ts';
import type { Refusal } from './aws/gateway.ts';
import type { Credentials } from './aws/identities.ts';
import { type LocalAccount, type LocalAccountOptions, startLocalAccount } from './aws/local-account.ts';
import type { Schedule } from './aws/scheduler-properties.ts';
import type { Iam } from './iam/iam.ts';

type Services =
  | 'clock'
  | 'lambda'
  | 'scheduler'
  | 'firehose'
  | 'dynamodb'
  | 'secrets'
  | 'kms'
  | 'cloudWatch'
  | 's3'
  | 'sns'
  | 'sqs'
  | 'eventSources'
  | 'identities'
  | 'region';

export interface LocalStack extends Pick<LocalAccount, Services> {
  /** As it is now; another one after `update`. */
  readonly deployment: Deployment;
  readonly gatewayUrl: string;
  /** Calls that the gateway knew nothing of: a run that made any has not shown what it claims. */
  readonly refusals: readonly Refusal[];
  /** Refusals by the template's policies. Each names the caller, the action and the resource. */
  readonly denials: readonly string[];
  readonly iam: Iam;
  /** Credentials that are allowed everything, for the owner's own reading of S3 and DynamoDB. */
  operatorCredentials(): Credentials;
  /** Lets schedules fire: all of them, or the wanted ones. */
  startSchedules(wanted?: (schedule: Schedule) => boolean): void;
  /**
   * Deploys the stack as another synth wrote it, anew if it was deleted.
   *
   * @throws after rolling back to the deployment before. After a rollback that failed no update is possible.
   */
  update(assemblyDir: string): Promise<void>;
  /** Deletes the stack; returns the resources that its policies keep. */
  destroy(): Promise<readonly DeployedResource[]>;
  /** Ends every process and server. The clock stays its owner's to close. */
  close(): Promise<void>;
}

export interface LocalStackOptions extends Omit<LocalAccountOptions, 'accountId' | 'region'> {
  /** The folder that `cdk synth` wrote. */
  readonly assemblyDir: string;
  /** Needed where the assembly has several stacks. */
  readonly stackName?: string;
  /**
   * Secrets that exist before a deployment, by name or ARN. A later deployment puts the new ones only: a secret that
   * was written again would look rotated.
   */
  readonly secrets?: (stack: StackAssembly) => Readonly<Record<string, string>>;
  /** Told after the first deployment and after each update, before anything fires. A throw fails the deployment. */
  readonly onDeployed?: (deployment: Deployment, account: LocalAccount) => void;
}

/** Creates the stack. @throws naming the resource that could not be created; nothing is left running then */
export async function startStack(options: LocalStackOptions): Promise<LocalStack> {
  const read = (dir: string) => readAssembly(dir, options.stackName);
  const stack = read(options.assemblyDir);
  const { accountId, region } = stack;
  const account = await startLocalAccount({ ...options, accountId, region });
  const put = new Set<string>();
  let current: Deployment;
  const deploy = async (wanted: StackAssembly, before: Pick<DeployOptions, 'previous' | 'kept'> = {}) => {
    for (const [id, value] of Object.entries(options.secrets?.(wanted) ?? {})) {
      if (!put.has(id)) account.secrets.put(id, value);
      put.add(id);
    }
    const onRollbackFailed = (deployment: Deployment) => {
      current = deployment;
    };
    const deployment = await deployStack(wanted, account, { ...before, onRollbackFailed });
    options.onDeployed?.(deployment, account);
    return deployment;
  };

  /** What a stack that was deleted has left. */
  let left: readonly DeployedResource[] | undefined;
  try {
    current = await deploy(stack);
  } catch (error) {
    await account.close();
    throw error;
  }
  const { lambda, scheduler, firehose, dynamodb, secrets, kms, identities, gateway, permissions } = account;
  const { s3, sqs, eventSources, sns, cloudWatch } = account;
  return {
    clock: options.clock,
    get deployment() {
      return current;
    },
    lambda,
    scheduler,
    firehose,
    dynamodb,
    secrets,
    kms,
    s3,
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
    startSchedules: (wanted = () => true) => scheduler.start(wanted),
    update: async (assemblyDir) => {
      const wanted = read(assemblyDir);
      current = await deploy(wanted, left === undefined ? { previous: current } : { kept: left });
      left = undefined;
    },
    destroy: async () => {
      const kept = await deleteStack(current, account);
      left = [...current.kept, ...kept];
      return kept;
    },
    close: account.close,
  };
}
