import type { Deployment } from '../aws/cloudformation/deployment.ts';
import { type Decision, evaluate, evaluateIdentity, type Grant } from './evaluate.ts';
import { createExercised } from './exercised.ts';
import { impliedCalls } from './implied-calls.ts';
import type { Caller, Policy, RequestContext } from './policy.ts';
import { type TemplatePolicies, templatePolicies } from './template-policies.ts';

/** IAM of the local run: what the template of the deployment allows, and what of that was used. */
export interface Iam {
  /**
   * Decides on a call and on the key permissions that it implies.
   * @throws when the caller's role is not in the template, or a policy is not modelled
   */
  authorize(call: IamCall): Decision;
  /**
   * Decides on a call of a role by the role's own policies alone, as IAM's simulation does, and notes no use.
   * @returns undefined where the template has no such role
   */
  simulate(
    call: IamCall & { readonly caller: string },
  ): 'allowed' | 'explicitDeny' | 'implicitDeny' | undefined;
  /** May a service take on a role, on behalf of one of its resources? */
  assumeRole(roleArn: string, service: Caller & { readonly kind: 'service' }): Decision;
  /** Reads every policy of the deployment. @throws naming the first that is not modelled */
  check(): void;
  /** Permissions of the deployment that nothing has used. */
  unused(): readonly Grant[];
}

export interface IamCall {
  /** A role's ARN, or a service that acts as itself. */
  readonly caller: string | (Caller & { readonly kind: 'service' });
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

export interface IamOptions {
  /** As it stands at the moment of the call: while a stack is being created, what is there so far. */
  readonly deployment: () => Deployment;
  /** Customer-managed keys of resources that are not in the template, by the resource's ARN. */
  readonly foreignKeys?: Readonly<Record<string, string>>;
}

export function createIam({ deployment, foreignKeys }: IamOptions): Iam {
  const exercised = createExercised();
  const policiesOf = remembered();

  const decide = (call: IamCall): Decision => {
    const policies = policiesOf(deployment());
    const principal = typeof call.caller === 'string' ? policies.role(call.caller) : call.caller;
    const decision = evaluate({
      principal,
      action: call.action,
      resource: call.resource,
      context: call.context,
      identityPolicies: principal.kind === 'role' ? policies.ofRole(principal.arn) : [],
      resourcePolicies: policiesOnResource(call.resource, policies, foreignKeys),
    });
    if (decision.allowed) exercised.note(decision.by);
    return decision;
  };

  return {
    authorize: (call) => {
      const decision = decide(call);
      if (!decision.allowed) return decision;
      const implied = impliedCalls(call, deployment(), foreignKeys).map((use) =>
        decide({ caller: call.caller, ...use }),
      );
      return implied.find(({ allowed }) => !allowed) ?? decision;
    },
    simulate: ({ caller, ...call }) => {
      const policies = policiesOf(deployment());
      if (!policies.hasRole(caller)) return undefined;
      const of = { principal: policies.role(caller), identityPolicies: policies.ofRole(caller) };
      return evaluateIdentity({ ...of, ...call });
    },
    assumeRole: (roleArn, service) =>
      decide({ caller: service, action: 'sts:AssumeRole', resource: roleArn, context: {} }),
    check: () => void policiesOf(deployment()),
    unused: () => exercised.unused(policiesOf(deployment()).all),
  };
}

/** The key of somebody else's resource leaves its use to the account's policies, as the usual key policy does. */
function policiesOnResource(
  resource: string,
  policies: TemplatePolicies,
  foreignKeys: Readonly<Record<string, string>> = {},
): readonly Policy[] {
  if (!Object.values(foreignKeys).includes(resource)) return policies.ofResource(resource);
  const accountId = resource.split(':')[4]!;
  return [
    {
      name: `the policy of ${resource}`,
      statements: [
        {
          name: `the policy of ${resource}`,
          effect: 'Allow',
          actions: ['kms:*'],
          resources: ['*'],
          principals: [{ kind: 'account', accountId }],
          conditions: [],
        },
      ],
    },
  ];
}

/** A deployment is read again only when it has another number of resources, or is another. */
function remembered(): (deployment: Deployment) => TemplatePolicies {
  let last:
    | { readonly of: Deployment; readonly size: number; readonly policies: TemplatePolicies }
    | undefined;
  return (deployment) => {
    const size = deployment.resources.size + deployment.kept.length;
    if (last?.of !== deployment || last.size !== size) {
      last = { of: deployment, size, policies: templatePolicies(deployment) };
    }
    return last.policies;
  };
}
