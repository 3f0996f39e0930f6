import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Scope } from '../../assembly/intrinsics.ts';
import type { StackAssembly } from '../../assembly/read-assembly.ts';
import type { DeployedResource, Deployment } from './deployment.ts';
import { families } from './families.ts';
import type { Account, Created, ResourceFamily, ResourceRequest } from './resource-family.ts';
import { givenName } from './taken-names.ts';
import { resolveProperties } from './template-scope.ts';

/** A step of a rollback. */
export interface UndoStep {
  /** Of what the deploy created: CloudFormation calls a rollback complete even where it cannot remove that. */
  readonly isRemoval: boolean;
  run(): Promise<void>;
}

/** A deployment under way. */
export interface Change {
  readonly stack: StackAssembly;
  readonly account: Account;
  readonly identity: Pick<Deployment, 'stackName' | 'stackId' | 'accountId' | 'region'>;
  readonly scope: Scope;
  readonly previous: Deployment | undefined;
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly deployNested: ResourceRequest['deployNested'];
  readonly undo: UndoStep[];
  /** Old resources that were replaced. They are removed when all else has succeeded. */
  readonly leftovers: DeployedResource[];
}

/**
 * Brings one resource to what the template says: creates, changes or replaces it, or lets it be.
 *
 * A step that undoes the change is added to `undo`, for a rollback. A replaced resource is added to `leftovers`.
 */
export async function settle(
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
  change.undo.push({ isRemoval: false, run: () => restore(old, fresh, family, change) });
  if (made.failure !== undefined) throw failed(facts, made.failure);
  if (fresh.physicalId !== old.physicalId)
    change.leftovers.push({ ...old, deletionPolicy: facts.updateReplacePolicy });
  return fresh;
}

type Facts = Omit<DeployedResource, 'physicalId' | 'arn' | 'attributes' | 'nested'>;

async function create(facts: Facts, change: Change, replaced?: DeployedResource): Promise<DeployedResource> {
  const { account, identity } = change;
  const family = familyOf(facts.type, facts.logicalId);
  const given = givenName(facts);
  if (given !== undefined && account.takenNames.has(given.key))
    throw failed(facts, `${given.name} already exists`);
  const made = await family.create(requestOf(facts, change, replaced), account);
  const resource = complete(facts, made);
  if (given !== undefined) account.takenNames.add(given.key);
  change.undo.push({
    isRemoval: true,
    run: async () => {
      if (facts.deletionPolicy !== 'Retain') await remove(resource, account, identity.stackId);
    },
  });
  if (made.failure !== undefined) throw failed(facts, made.failure);
  return resource;
}

/**
 * Undoes an update by another update, as CloudFormation does; what that replaced goes.
 *
 * @throws when the resource refuses; CloudFormation then leaves the stack as `UPDATE_ROLLBACK_FAILED`
 */
async function restore(
  old: DeployedResource,
  fresh: DeployedResource,
  family: ResourceFamily,
  change: Change,
): Promise<void> {
  const request = { ...requestOf(old, change), previous: fresh };
  const made = await family.update?.(request, change.account);
  if (made?.failure !== undefined) throw failed(old, made.failure);
  if (made !== undefined && made.physicalId !== fresh.physicalId)
    await remove(fresh, change.account, change.identity.stackId);
}

/** Removes a stack's resources, the last created first, but for what their policies retain; returns those. */
export async function removeAll(
  deployment: Deployment,
  account: Account,
): Promise<readonly DeployedResource[]> {
  const kept: DeployedResource[] = [];
  for (const resource of [...deployment.resources.values()].reverse()) {
    if (isRetained(resource)) kept.push(resource);
    else await remove(resource, account, deployment.stackId);
  }
  return kept;
}

export function isRetained({ deletionPolicy }: DeployedResource): boolean {
  return deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate';
}

/** Removes one resource, a nested stack with all that is in it. */
export async function remove(resource: DeployedResource, account: Account, stackId: string): Promise<void> {
  if (resource.nested === undefined)
    await familyOf(resource.type, resource.logicalId).remove?.(resource, account, { stackId });
  else await removeAll(resource.nested, account);
  const given = givenName(resource);
  if (given !== undefined) account.takenNames.delete(given.key);
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
    deployNested: change.deployNested,
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
