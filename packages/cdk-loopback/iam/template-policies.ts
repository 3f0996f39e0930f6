import type { DeployedResource, Deployment } from '../aws/cloudformation/deployment.ts';
import { identityPolicies, roleFacts } from './identity-policies.ts';
import type { Caller, Policy } from './policy.ts';
import { resourcePolicies } from './resource-policies.ts';

/** Every policy of a deployment, by whom or what it stands. */
export interface TemplatePolicies {
  /** The role as a caller. @throws for a role that is not in the template */
  role(arn: string): Caller & { readonly kind: 'role' };
  /** Whether the template has the role. */
  hasRole(arn: string): boolean;
  /** The policies of the role itself. */
  ofRole(arn: string): readonly Policy[];
  /** The policy of the resource, or of the bucket, table or function that it is part of. */
  ofResource(arn: string): readonly Policy[];
  readonly all: readonly Policy[];
}

/**
 * Collects the policies of a resolved deployment, nested stacks included.
 *
 * @throws naming a policy that the evaluator does not model, an AWS managed policy, or a resource with a policy of
 * a type that is not read here
 */
export function templatePolicies(deployment: Deployment): TemplatePolicies {
  const resources = everyResource(deployment);
  const identity = identityPolicies(resources);
  const ofResources = resourcePolicies(resources);
  const roles = roleFacts(resources, deployment.accountId);
  return {
    role: (arn) => {
      const role = roles.get(arn);
      if (role === undefined) throw new Error(`the template has no role ${arn}`);
      return role;
    },
    hasRole: (arn) => roles.has(arn),
    ofRole: (arn) => identity.get(arn) ?? [],
    ofResource: (arn) =>
      [...ofResources].flatMap(([owner, policies]) => (isPartOf(arn, owner) ? policies : [])),
    all: [...identity.values(), ...ofResources.values()].flat(),
  };
}

/** Objects of a bucket, indexes of a table, versions of a function. */
function isPartOf(arn: string, owner: string): boolean {
  return arn === owner || arn.startsWith(`${owner}/`) || arn.startsWith(`${owner}:`);
}

function everyResource(deployment: Deployment): readonly DeployedResource[] {
  return [...deployment.resources.values(), ...deployment.kept].flatMap((resource) =>
    resource.nested === undefined ? [resource] : [resource, ...everyResource(resource.nested)],
  );
}
