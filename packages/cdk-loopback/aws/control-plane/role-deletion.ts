import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { DeployedResource } from '../cloudformation/deployment.ts';
import { InvalidCall, refuseOtherMembers } from './invalid-call.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';
import { queryAnswer } from './query-protocol.ts';

/** The calls by which a role is found and deleted: its inline policies first, as IAM asks for. */
export const roleOperations = ['ListRoles', 'ListRolePolicies', 'DeleteRolePolicy', 'DeleteRole'];

/**
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
 */
export function createRoleDeletion(left: LeftResources): (call: AwsCall) => Promise<AwsAnswer> {
  /** Names of inline policies that were deleted, by the role's name. */
  const deleted = new Map<string, Set<string>>();
  const policiesOf = ({ physicalId, properties }: DeployedResource): readonly string[] =>
    ((properties.Policies ?? []) as readonly { readonly PolicyName: string }[])
      .map(({ PolicyName: name }) => name)
      .filter((name) => deleted.get(physicalId)?.has(name) !== true);
  const perform = async ({ operation, input }: AwsCall): Promise<AwsAnswer> => {
    if (operation === 'ListRoles') {
      refuseOtherMembers(input, ['Action', 'Version', 'MaxItems']);
      const Roles = left.list(({ type }) => type === 'AWS::IAM::Role').map(listed);
      return queryAnswer(operation, { Roles, IsTruncated: false });
    }
    const { RoleName: name, PolicyName: policy } = input;
    const withPolicy = operation === 'DeleteRolePolicy';
    refuseOtherMembers(input, ['Action', 'Version', 'RoleName', ...(withPolicy ? ['PolicyName'] : [])]);
    const named = ({ type, physicalId }: DeployedResource) =>
      type === 'AWS::IAM::Role' && physicalId === name;
    const role = left.find(named);
    if (role === undefined) throw missing(`The role with name ${String(name)} cannot be found.`);
    if (operation === 'ListRolePolicies')
      return queryAnswer(operation, { PolicyNames: policiesOf(role), IsTruncated: false });
    if (operation === 'DeleteRole') {
      if (policiesOf(role).length > 0)
        throw new InvalidCall('Cannot delete entity, must delete policies first.', 'DeleteConflict');
      await left.delete(named);
      return queryAnswer(operation, {});
    }
    if (!policiesOf(role).includes(String(policy)))
      throw missing(`The role policy with name ${String(policy)} cannot be found.`);
    deleted.set(role.physicalId, (deleted.get(role.physicalId) ?? new Set()).add(String(policy)));
    return queryAnswer(operation, {});
  };
  return async (call) => {
    try {
      return await perform(call);
    } catch (error) {
      if (error instanceof ResourceOfStack) return refused(409, 'DeleteConflict', error.message);
      if (!(error instanceof InvalidCall)) throw error;
      return refused(error.code === 'NoSuchEntity' ? 404 : 409, error.code, error.message);
    }
  };
}

/** IAM writes a policy as JSON in the code of URLs (RFC 3986). */
function listed({ physicalId, arn, properties }: DeployedResource) {
  return {
    Path: '/',
    RoleName: physicalId,
    Arn: arn,
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(properties.AssumeRolePolicyDocument)),
  };
}

function missing(message: string): InvalidCall {
  return new InvalidCall(message, 'NoSuchEntity');
}

function refused(status: number, code: string, message: string): AwsAnswer {
  return errorAnswer('iam', { status, code, message });
}
