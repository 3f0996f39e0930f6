import type { DeployedResource } from '../aws/cloudformation/deployment.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import type { Caller, Policy } from './policy.ts';
import { list, record, text } from './policy-json.ts';
import { readPolicy } from './read-policy.ts';
import { arnOf } from './resource-arn.ts';

/**
 * The policies of each role, by the role's ARN: inline, of its own, and those of AWS that it names.
 *
 * @throws for a permissions boundary, and for a managed policy that is not among those of AWS that are known here
 */
export function identityPolicies(
  resources: readonly DeployedResource[],
): ReadonlyMap<string, readonly Policy[]> {
  const roles = resources.filter(({ type }) => type === 'AWS::IAM::Role');
  return new Map(
    roles.map((role) => [
      arnOf(role),
      [
        ...inlinePolicies(role),
        ...resources.flatMap((resource) => attachedPolicies(resource, role)),
        ...managedPolicies(role),
      ],
    ]),
  );
}

/** The roles as callers, by ARN. */
export function roleFacts(
  resources: readonly DeployedResource[],
  accountId: string,
): ReadonlyMap<string, Caller & { readonly kind: 'role' }> {
  return new Map(
    resources
      .filter(({ type }) => type === 'AWS::IAM::Role')
      .map((role) => [arnOf(role), { kind: 'role', arn: arnOf(role), accountId, tags: tagsOf(role) }]),
  );
}

function inlinePolicies(role: DeployedResource): readonly Policy[] {
  if (role.properties.PermissionsBoundary !== undefined) {
    throw new Error(`${role.logicalId}: PermissionsBoundary is not modelled here`);
  }
  return list(role.properties.Policies).map((written) => {
    const { PolicyName: name, PolicyDocument: document } = record(written, `${role.logicalId}.Policies`);
    return readPolicy(
      document,
      `${role.logicalId}.${text(name, `${role.logicalId} PolicyName`)}`,
      'identity',
    );
  });
}

function attachedPolicies(resource: DeployedResource, role: DeployedResource): readonly Policy[] {
  const { Roles: roles, PolicyDocument: document } = resource.properties;
  const attached = resource.type === 'AWS::IAM::Policy' && list(roles).includes(role.physicalId);
  return attached ? [readPolicy(document, resource.logicalId, 'identity')] : [];
}

function managedPolicies(role: DeployedResource): readonly Policy[] {
  return list(role.properties.ManagedPolicyArns).map((arn) => {
    const document = awsManagedPolicies[String(arn)];
    if (document !== undefined) return readPolicy(document, String(arn), 'identity');
    throw new Error(`${role.logicalId}: the managed policy ${String(arn)} is not known here`);
  });
}

function tagsOf(role: DeployedResource): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(role.properties.Tags).map((tag) => {
      const { Key: key, Value: value } = record(tag, `${role.logicalId}.Tags`);
      return [String(key), String(value)];
    }),
  );
}
