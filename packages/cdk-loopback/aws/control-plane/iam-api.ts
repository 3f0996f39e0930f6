/**
 * A stand-in for the API of AWS IAM, written here: SimulatePrincipalPolicy of one action on one resource, by the policies of
 * the role alone, as AWS simulates roles; and the deletion of a role that has left its stack.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
import type { Iam } from '../../iam/iam.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { LeftResources } from './left-resources.ts';
import { queryAnswer } from './query-protocol.ts';
import { createRoleDeletion, roleOperations } from './role-deletion.ts';

export function createIamApi(iam: Pick<Iam, 'simulate'>, left: LeftResources): ServiceStandIn {
  const deleteRole = createRoleDeletion(left);
  return {
    service: 'iam',
    operations: new Set(['SimulatePrincipalPolicy', ...roleOperations]),
    async handle(call: AwsCall) {
      const { operation, input } = call;
      if (roleOperations.includes(operation)) return deleteRole(call);
      const { PolicySourceArn: role, ...rest } = input;
      const action = rest['ActionNames.member.1'];
      const resource = rest['ResourceArns.member.1'];
      if ([role, action, resource].some((each) => typeof each !== 'string'))
        return invalid('PolicySourceArn, one action and one resource are needed here.');
      const others = Object.keys(rest).filter((name) => !known.test(name));
      if (others.length > 0) return invalid(`Unknown here: ${others.join(', ')}.`);
      const decision = iam.simulate({
        caller: String(role),
        action: String(action),
        resource: String(resource),
        context: contextIn(rest),
      });
      if (decision === undefined)
        return errorAnswer('iam', {
          status: 404,
          code: 'NoSuchEntity',
          message: `There is no ${String(role)}.`,
        });
      return queryAnswer(operation, {
        IsTruncated: false,
        EvaluationResults: [
          {
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: decision,
            MatchedStatements: [],
            MissingContextValues: [],
          },
        ],
      });
    },
  };
}

const known =
  /^(Action|Version|ActionNames\.member\.1|ResourceArns\.member\.1|ContextEntries\.member\.\d+\.ContextKey(Name|Type|Values\.member\.1))$/;

function contextIn(form: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const entry = /^(.*)\.ContextKeyName$/.exec(name)?.[1];
      return entry === undefined
        ? []
        : [[String(value), String(form[`${entry}.ContextKeyValues.member.1`] ?? '')]];
    }),
  );
}

function invalid(message: string) {
  return errorAnswer('iam', { status: 400, code: 'InvalidInput', message });
}
