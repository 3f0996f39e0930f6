/**
 * A stand-in for AWS CloudFormation, written here: creates, changes and removes what a template declares, one
 * resource after the other, and rolls back what fails.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
import { createHash } from 'node:crypto';
import { resolveValue, type Scope } from '../../assembly/intrinsics.ts';
import type { StackAssembly } from '../../assembly/read-assembly.ts';
import { dependencyOrder } from './dependency-order.ts';
import { createDeployment, type DeployedResource, type Deployment, type StackStatus } from './deployment.ts';
import type { Account, Properties } from './resource-family.ts';
import { type Change, isRetained, remove, removeAll, settle } from './settle.ts';
import { templateScope } from './template-scope.ts';

/**
 * Creates a stack, or updates the one that `previous` describes.
 *
 * @throws naming the resource that failed, after everything was undone as CloudFormation does it: `previous` (or
 * no stack) is then what exists, but for what is retained. Where the undoing failed, no update is taken any more.
 */
export async function deployStack(
  stack: StackAssembly,
  account: Account,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { previous } = options;
  if (previous?.status === 'UPDATE_ROLLBACK_FAILED') throw stuck(previous);
  const keptBefore = options.kept ?? previous?.kept ?? [];
  const identity = {
    stackName: stack.stackName,
    stackId: previous?.stackId ?? newStackId(stack, account),
    accountId: account.accountId,
    region: account.region,
  };
  const resources = new Map<string, DeployedResource>();
  const scope = templateScope({
    template: stack.template,
    stack: identity,
    parameters: options.parameters ?? {},
    resources,
    readSecret: (id) => account.secrets.read(id),
  });
  // The resources while the deployment is under way: those that it has not reached yet are as before.
  const live = new Map(previous?.resources);
  const of = previous === undefined ? 'CREATE' : 'UPDATE';
  const announce = (status: StackStatus = `${of}_IN_PROGRESS`) =>
    account.onChange?.(
      createDeployment({ ...identity, status, outputs: {}, leftBehind: [], kept: keptBefore }, new Map(live)),
    );
  const change: Change = {
    stack,
    account,
    identity,
    scope,
    previous,
    resources,
    // A nested stack's changes are not those of this stack; they are told when it has ended.
    deployNested: (nested, parameters, before) =>
      deployStack(
        { ...stack, ...nested },
        { ...account, onChange: undefined, verify: undefined },
        { parameters, previous: before },
      ),
    undo: [],
    leftovers: [],
  };
  try {
    for (const [logicalId, needs] of dependencyOrder(stack.template.Resources)) {
      const { Condition } = stack.template.Resources[logicalId]!;
      if (Condition !== undefined && !scope.condition(Condition)) continue;
      const resource = await settle(logicalId, needs, change);
      resources.set(logicalId, resource);
      live.set(logicalId, resource);
      announce();
    }
    account.verify?.();
  } catch (error) {
    announce(previous === undefined ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS');
    const { failure, status } = await rollBack(change, error as Error);
    if (previous !== undefined) {
      const rolledBack: Deployment = { ...previous, status };
      account.onChange?.(rolledBack);
      if (status === 'UPDATE_ROLLBACK_FAILED') options.onRollbackFailed?.(rolledBack);
    }
    throw failure;
  }
  const outputs = resolveOutputs(stack, scope);
  const { leftBehind, kept } = await cleanUp(change, keptBefore);
  const status: StackStatus = `${of}_COMPLETE`;
  const deployment = createDeployment({ ...identity, status, outputs, leftBehind, kept }, resources);
  account.onChange?.(deployment);
  return deployment;
}

export interface DeployOptions {
  readonly previous?: Deployment;
  /** What stacks that were deleted have left in the account, for a stack that is created. */
  readonly kept?: readonly DeployedResource[];
  /** Of a nested stack. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Told what an update leaves that could not be undone: `previous` with another status. */
  readonly onRollbackFailed?: (deployment: Deployment) => void;
}

/** Deletes a stack, but for what its policies retain; returns what it kept. */
export function deleteStack(deployment: Deployment, account: Account): Promise<readonly DeployedResource[]> {
  return removeAll(deployment, account);
}

/** CloudFormation updates such a stack only after its rollback was continued, which this stand-in cannot. */
function stuck({ stackId, status }: Deployment): Error {
  return new Error(`ValidationError: Stack:${stackId} is in ${status} state and can not be updated.`);
}

interface RolledBack {
  /** Says what failed first, and what could not be undone. */
  readonly failure: Error;
  /** Of the stack. */
  readonly status: StackStatus;
}

async function rollBack(change: Change, cause: Error): Promise<RolledBack> {
  const problems = [cause.message];
  let status: StackStatus = 'UPDATE_ROLLBACK_COMPLETE';
  for (const { isRemoval, run } of change.undo.reverse()) {
    await run().catch((error: Error) => {
      problems.push(`and undoing failed: ${error.message}`);
      if (!isRemoval) status = 'UPDATE_ROLLBACK_FAILED';
    });
  }
  return { failure: new Error(problems.join('; '), { cause }), status };
}

/** Removes resources that are no longer wanted. CloudFormation calls an update complete even where that fails. */
async function cleanUp(
  change: Change,
  keptBefore: readonly DeployedResource[],
): Promise<Pick<Deployment, 'leftBehind' | 'kept'>> {
  const { previous, resources, account, identity } = change;
  const all = [...(previous?.resources.values() ?? [])];
  const unwanted = all.filter(({ logicalId }) => !resources.has(logicalId));
  const problems: string[] = [];
  const kept = [...keptBefore];
  for (const resource of [...unwanted, ...change.leftovers].reverse()) {
    if (isRetained(resource)) {
      kept.push(resource);
      continue;
    }
    await remove(resource, account, identity.stackId).catch((error: Error) => problems.push(error.message));
  }
  return { leftBehind: problems, kept };
}

function resolveOutputs(stack: StackAssembly, scope: Scope): Properties {
  const outputs = Object.entries(stack.template.Outputs ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  );
  return Object.fromEntries(
    outputs.map(([name, { Value }]) => [name, resolveValue(Value, scope, `Outputs.${name}`)]),
  );
}

/** The UUID in it is random on AWS; here it follows from name and time, so that runs agree. */
function newStackId(stack: StackAssembly, { accountId, region, clock }: Account): string {
  const hex = createHash('sha256').update(`${stack.stackName} ${clock.now()}`).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stack.stackName}/${uuid.join('-')}`;
}
