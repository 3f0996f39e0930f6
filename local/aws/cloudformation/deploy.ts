/**
 * A stand-in for AWS CloudFormation, written here: creates, changes and removes what a template declares, one
 * resource after the other, and rolls back what fails.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { resolveValue, type Scope } from '../../assembly/intrinsics.ts';
import type { StackAssembly } from '../../assembly/read-assembly.ts';
import { dependencyOrder } from './dependency-order.ts';
import { createDeployment, type DeployedResource, type Deployment } from './deployment.ts';
import { families } from './families.ts';
import type { Account, Created, Properties, ResourceFamily, ResourceRequest } from './resource-family.ts';
import { resolveProperties, templateScope } from './template-scope.ts';

/**
 * Creates a stack, or updates the one that `previous` describes.
 *
 * @throws naming the resource that failed, after everything was undone as CloudFormation does it: `previous` (or
 * no stack) is then what exists, but for what is retained
 */
export async function deployStack(
  stack: StackAssembly,
  account: Account,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { previous } = options;
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
  // What exists while the deployment is under way: what it has not come to yet stays as it was.
  const live = new Map(previous?.resources);
  const announce = () =>
    account.onChange?.(createDeployment({ ...identity, outputs: {}, leftBehind: [] }, new Map(live)));
  const change: Change = { stack, account, identity, scope, previous, resources, undo: [], leftovers: [] };
  try {
    for (const [logicalId, needs] of dependencyOrder(stack.template.Resources)) {
      const { Condition } = stack.template.Resources[logicalId]!;
      if (Condition !== undefined && !scope.condition(Condition)) continue;
      const resource = await settle(logicalId, needs, change);
      resources.set(logicalId, resource);
      live.set(logicalId, resource);
      announce();
    }
  } catch (error) {
    const failure = await rollBack(change, error as Error);
    if (previous !== undefined) account.onChange?.(previous);
    throw failure;
  }
  const outputs = resolveOutputs(stack, scope);
  const leftBehind = await cleanUp(change);
  const deployment = createDeployment({ ...identity, outputs, leftBehind }, resources);
  account.onChange?.(deployment);
  return deployment;
}

export interface DeployOptions {
  readonly previous?: Deployment;
  /** Of a nested stack. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Deletes a stack, but for what its policies retain; returns what it kept. */
export async function deleteStack(
  deployment: Deployment,
  account: Account,
): Promise<readonly DeployedResource[]> {
  const kept: DeployedResource[] = [];
  for (const resource of [...deployment.resources.values()].reverse()) {
    if (isRetained(resource.deletionPolicy)) kept.push(resource);
    else await remove(resource, account, deployment.stackId);
  }
  return kept;
}

interface Change {
  readonly stack: StackAssembly;
  readonly account: Account;
  readonly identity: Pick<Deployment, 'stackName' | 'stackId' | 'accountId' | 'region'>;
  readonly scope: Scope;
  readonly previous: Deployment | undefined;
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly undo: (() => Promise<void>)[];
  /** What a replacement left behind, removed when all else has succeeded. */
  readonly leftovers: DeployedResource[];
}

/** Brings one resource to what the template says. */
async function settle(
  logicalId: string,
  dependsOn: readonly string[],
  change: Change,
): Promise<DeployedResource> {
  const { stack, scope, previous, account } = change;
  const { Type: type, ...rest } = stack.template.Resources[logicalId]!;
  const properties = resolveProperties(stack.template, logicalId, scope);
  const facts = {
    logicalId,
    type,
    properties,
    dependsOn,
    deletionPolicy: rest.DeletionPolicy ?? 'Delete',
    updateReplacePolicy: rest.UpdateReplacePolicy ?? 'Delete',
  };
  const family = familyOf(type, logicalId);
  const old = previous?.resources.get(logicalId);
  if (old === undefined) return create(facts, change);
  // A nested stack's template may have changed where its properties have not: its name is the hash of its content.
  if (old.type === type && isDeepStrictEqual(old.properties, properties)) return { ...old, ...facts };
  const replaced = family.replacedBy?.some(
    (name) => !isDeepStrictEqual(old.properties[name], properties[name]),
  );
  if (old.type !== type || replaced === true) {
    const fresh = await create(facts, change, old);
    change.leftovers.push({ ...old, deletionPolicy: facts.updateReplacePolicy });
    return fresh;
  }
  if (family.update === undefined) return { ...old, ...facts };
  const made = await family.update({ ...requestOf(facts, change), previous: old }, account);
  const fresh = complete(facts, made);
  change.undo.push(() => restore(old, fresh, family, change));
  if (made.failure !== undefined) throw failed(facts, made.failure);
  if (fresh.physicalId !== old.physicalId)
    change.leftovers.push({ ...old, deletionPolicy: facts.updateReplacePolicy });
  return fresh;
}

type Facts = Omit<DeployedResource, 'physicalId' | 'arn' | 'attributes' | 'nested'>;

async function create(facts: Facts, change: Change, replaced?: DeployedResource): Promise<DeployedResource> {
  const { account, identity } = change;
  const family = familyOf(facts.type, facts.logicalId);
  const made = await family.create(requestOf(facts, change, replaced), account);
  const resource = complete(facts, made);
  change.undo.push(async () => {
    if (facts.deletionPolicy !== 'Retain') await remove(resource, account, identity.stackId);
  });
  if (made.failure !== undefined) throw failed(facts, made.failure);
  return resource;
}

/** Undoes an update by another update, as CloudFormation does; what that replaced goes. */
async function restore(
  old: DeployedResource,
  fresh: DeployedResource,
  family: ResourceFamily,
  change: Change,
): Promise<void> {
  const request = { ...requestOf(old, change), previous: fresh };
  const made = await family.update?.(request, change.account);
  if (made !== undefined && made.physicalId !== fresh.physicalId)
    await remove(fresh, change.account, change.identity.stackId);
}

/** @returns the error to throw: what failed first, and what could not be undone */
async function rollBack(change: Change, cause: Error): Promise<Error> {
  const problems = [cause.message];
  for (const undo of change.undo.reverse()) {
    await undo().catch((error: Error) => problems.push(`and undoing failed: ${error.message}`));
  }
  return new Error(problems.join('; '), { cause });
}

/** Removes what is no longer wanted. CloudFormation calls an update complete even where that fails. */
async function cleanUp(change: Change): Promise<readonly string[]> {
  const { previous, resources, account, identity } = change;
  const all = [...(previous?.resources.values() ?? [])];
  const unwanted = all.filter(({ logicalId }) => !resources.has(logicalId));
  const problems: string[] = [];
  for (const resource of [...unwanted, ...change.leftovers].reverse()) {
    if (isRetained(resource.deletionPolicy)) continue;
    await remove(resource, account, identity.stackId).catch((error: Error) => problems.push(error.message));
  }
  return problems;
}

async function remove(resource: DeployedResource, account: Account, stackId: string): Promise<void> {
  if (resource.nested !== undefined) {
    await deleteStack(resource.nested, account);
    return;
  }
  await familyOf(resource.type, resource.logicalId).remove?.(resource, account, { stackId });
}

function requestOf(facts: Facts, change: Change, replaced?: DeployedResource): ResourceRequest {
  const { stackName, stackId } = change.identity;
  const seed = `${stackId} ${facts.logicalId} ${replaced?.physicalId ?? ''}`;
  const unique = createHash('sha256').update(seed).digest('hex').slice(0, 12);
  return {
    logicalId: facts.logicalId,
    type: facts.type,
    properties: facts.properties,
    stackName,
    stackId,
    generatedName: `${`${stackName}-${facts.logicalId}`.slice(0, 50)}-${unique}`,
    assetPath: (objectKey) => change.stack.assetPath(objectKey),
    deployNested: (nested, parameters, previous) =>
      deployStack(
        { ...change.stack, ...nested },
        { ...change.account, onChange: undefined },
        { parameters, previous },
      ),
  };
}

function complete(facts: Facts, made: Created): DeployedResource {
  const { physicalId, arn, attributes = {}, nested } = made;
  return { ...facts, physicalId, arn, attributes, nested };
}

function familyOf(type: string, logicalId: string): ResourceFamily {
  const family = families[type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : type];
  if (family === undefined) throw new Error(`${logicalId}: the local CloudFormation does not know ${type}`);
  return family;
}

function failed({ logicalId, type }: Facts, reason: string): Error {
  return new Error(`${logicalId} (${type}): ${reason}`);
}

function isRetained(policy: string): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
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
