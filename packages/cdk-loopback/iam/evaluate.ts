/**
 * A stand-in for IAM, written here: decisions within one account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

import { conditionHolds } from './condition-holds.ts';
import { fillVariables, matchesArn, matchesWildcards } from './patterns.ts';
import {
  type Caller,
  type Policy,
  type PolicyPrincipal,
  principalText,
  type RequestContext,
  type Statement,
} from './policy.ts';

/**
 * Decides on one call of one caller.
 *
 * An explicit `Deny` anywhere decides. Else one `Allow` is enough, of the caller's role or of the resource; a KMS
 * key or a role (for `sts:AssumeRole`) has to agree itself, by naming the caller or by leaving it to the account's
 * policies. A service that acts as itself has only what resources give it. What it does not model, `readPolicy`
 * refuses: there are no permissions boundaries, session policies, organisations or other accounts here.
 */
export function evaluate(request: IamRequest): Decision {
  const context = fullContext(request);
  const onResource = applying(request.resourcePolicies, request, context);
  const ofIdentity =
    request.principal.kind === 'role' ? applying(request.identityPolicies, request, context) : [];

  const denial = [...onResource, ...ofIdentity].find(({ statement }) => statement.effect === 'Deny');
  if (denial !== undefined) return refused(request, 'explicit', `${denial.statement.name} denies it`);

  const own = ofIdentity.find(({ statement }) => statement.effect === 'Allow');
  if (own !== undefined && !resourceMustAgree(request.action)) return { allowed: true, by: [own.grant] };

  // Where both allow a call, the role's own permission counts as the one that was used.
  const agreement = onResource.find(
    ({ statement, reach }) => statement.effect === 'Allow' && (own === undefined || reach === 'account'),
  );
  const direct = onResource.find(
    ({ statement, reach }) => statement.effect === 'Allow' && reach === 'caller',
  );
  if (direct !== undefined && (own === undefined || agreement === undefined))
    return { allowed: true, by: [direct.grant] };
  if (own === undefined) return refused(request, 'implicit', 'no policy of the template allows it');
  return agreement === undefined
    ? refused(request, 'implicit', `${own.statement.name} allows it, but the resource's own policy does not`)
    : { allowed: true, by: [own.grant, agreement.grant] };
}

/** Decides by the caller's own policies alone, as IAM's simulation of a role does. */
export function evaluateIdentity(
  request: Omit<IamRequest, 'resourcePolicies'>,
): 'allowed' | 'explicitDeny' | 'implicitDeny' {
  const whole = { ...request, resourcePolicies: [] };
  const found = applying(request.identityPolicies, whole, fullContext(whole));
  if (found.some(({ statement }) => statement.effect === 'Deny')) return 'explicitDeny';
  return found.length > 0 ? 'allowed' : 'implicitDeny';
}

export interface IamRequest {
  readonly principal: Caller;
  /** `s3:PutObject`. */
  readonly action: string;
  /** ARN, or `*` for an action that knows no resource. */
  readonly resource: string;
  readonly context: RequestContext;
  /** Of the principal's role. */
  readonly identityPolicies: readonly Policy[];
  /** Of the resource alone. */
  readonly resourcePolicies: readonly Policy[];
}

export type Decision =
  | { readonly allowed: true; readonly by: readonly Grant[] }
  | {
      readonly allowed: false;
      readonly reason: 'implicit' | 'explicit';
      /** Names who, which action and which resource. */
      readonly message: string;
    };

/** One permission as the template writes it, which a call used. */
export interface Grant {
  /** The statement's name. */
  readonly statement: string;
  /** Whom a resource's policy names, in `principalText`; absent in a role's own. */
  readonly principal?: string;
  /** In lower case. */
  readonly action: string;
  readonly resource: string;
}

interface Applying {
  readonly statement: Statement;
  /** `caller` if the statement names the caller itself, `account` if it names the account as a whole. */
  readonly reach: 'caller' | 'account';
  readonly grant: Grant;
}

function applying(
  policies: readonly Policy[],
  request: IamRequest,
  context: RequestContext,
): readonly Applying[] {
  return policies
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => {
      const reached = reachOf(statement, request.principal);
      const action = statement.actions.find((one) => matchesWildcards(one, request.action.toLowerCase()));
      const resource = statement.resources.find((one) => {
        const filled = fillVariables(one, context);
        return filled !== undefined && matchesArn(filled, request.resource);
      });
      if (reached === undefined || action === undefined || resource === undefined) return [];
      if (!statement.conditions.every((condition) => conditionHolds(condition, context))) return [];
      const { reach, principal } = reached;
      const named = principal === undefined ? {} : { principal: principalText(principal) };
      return [{ statement, reach, grant: { statement: statement.name, ...named, action, resource } }];
    });
}

/** Through which of its principals a statement applies; an identity policy has none, it is the caller's own. */
function reachOf(
  { principals }: Statement,
  caller: Caller,
): { readonly reach: Applying['reach']; readonly principal?: PolicyPrincipal } | undefined {
  if (principals === undefined) return { reach: 'caller' };
  const named = principals.find((principal) => names(principal, caller));
  if (named !== undefined) return { reach: 'caller', principal: named };
  const account = principals.find(
    (principal) =>
      principal.kind === 'account' && caller.kind === 'role' && principal.accountId === caller.accountId,
  );
  return account === undefined ? undefined : { reach: 'account', principal: account };
}

function names(principal: PolicyPrincipal, caller: Caller): boolean {
  if (principal.kind === 'everyone') return true;
  if (principal.kind === 'role') return caller.kind === 'role' && principal.arn === caller.arn;
  return principal.kind === 'service' && caller.kind === 'service' && principal.name === caller.name;
}

function resourceMustAgree(action: string): boolean {
  return action.startsWith('kms:') || action === 'sts:AssumeRole';
}

/** The context that IAM adds to every request. Its keys are in lower case, since condition keys have no case. */
function fullContext({ principal, context }: IamRequest): RequestContext {
  const added: RequestContext =
    principal.kind === 'role'
      ? {
          'aws:PrincipalArn': principal.arn,
          'aws:PrincipalAccount': principal.accountId,
          'aws:PrincipalType': 'AssumedRole',
          'aws:PrincipalIsAWSService': 'false',
          ...Object.fromEntries(
            Object.entries(principal.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
          ),
        }
      : {
          'aws:PrincipalIsAWSService': 'true',
          'aws:PrincipalServiceName': principal.name,
          ...(principal.sourceArn === undefined ? {} : { 'aws:SourceArn': principal.sourceArn }),
          ...(principal.sourceAccount === undefined ? {} : { 'aws:SourceAccount': principal.sourceAccount }),
        };
  return Object.fromEntries(
    Object.entries({ ...context, ...added }).map(([key, value]) => [key.toLowerCase(), value]),
  );
}

function refused(request: IamRequest, reason: 'implicit' | 'explicit', because: string): Decision {
  const who = request.principal.kind === 'role' ? request.principal.arn : request.principal.name;
  return {
    allowed: false,
    reason,
    message: `${who} may not perform ${request.action} on ${request.resource}: ${because}`,
  };
}
