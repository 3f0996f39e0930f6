import type { Policy, Statement } from './policy.ts';
import { list, record, refuseOthers, show, text, texts } from './policy-json.ts';
import { readConditions } from './read-conditions.ts';
import { readPrincipals } from './read-principals.ts';

/**
 * Reads a resolved policy document of a template.
 *
 * Not modelled, and therefore refused by name: `NotAction`, `NotResource`, `NotPrincipal`, a wildcard among the
 * actions of an `Allow`, federated and canonical principals, permissions boundaries, session policies, other
 * policy languages than 2012-10-17, and operators and condition keys that nothing here can tell.
 *
 * @param kind identity policies have no principals; the others must have them, and a trust policy no resource
 * @throws naming the policy, the statement and what is not understood
 * @see IAM user guide, "IAM JSON policy element reference"
 */
export function readPolicy(document: unknown, name: string, kind: PolicyKind): Policy {
  const { Version: version, Statement: statements, ...others } = record(document, name);
  // Variables are literal text in the older language.
  if (version !== '2012-10-17') throw new Error(`${name}: Version must be 2012-10-17, not ${show(version)}`);
  refuseOthers(others, name, ['Id']);
  return {
    name,
    statements: list(statements).map((statement, index) =>
      readStatement(statement, `${name}[${index}]`, kind),
    ),
  };
}

export type PolicyKind = 'identity' | 'resource' | 'trust';

function readStatement(written: unknown, place: string, kind: PolicyKind): Statement {
  const statement = record(written, place);
  const { Sid: sid, Effect: effect, Action: action, Resource: resource, Principal: principal } = statement;
  const name = sid === undefined ? place : `${place} ${text(sid, place)}`;
  refuseOthers(statement, name, ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition']);
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`${name}: Effect is ${show(effect)}`);
  if ((principal === undefined) !== (kind === 'identity')) {
    throw new Error(`${name}: ${principal === undefined ? 'has no' : 'may have no'} Principal`);
  }
  if (kind === 'trust' && resource !== undefined) throw new Error(`${name}: a trust policy has no Resource`);
  return {
    name,
    effect,
    actions: texts(action, `${name} Action`).map((one) => readAction(one, effect, name)),
    resources:
      kind === 'trust' ? ['*'] : texts(resource, `${name} Resource`).map((one) => readResource(one, name)),
    ...(principal === undefined ? {} : { principals: readPrincipals(principal, name) }),
    conditions: readConditions(statement.Condition ?? {}, name),
  };
}

function readAction(action: string, effect: string, name: string): string {
  if (!/^[a-z0-9-]+:[A-Za-z*?]+$/.test(action)) throw new Error(`${name}: ${show(action)} is no action`);
  if (effect === 'Allow' && /[*?]/.test(action)) {
    throw new Error(`${name}: allows ${action}; an action is written out here, never with a wildcard`);
  }
  return action.toLowerCase();
}

/** A `*` at the end of an earlier part may reach past its colon in IAM, so none may stand before the last part. */
function readResource(resource: string, name: string): string {
  const parts = resource.split(':');
  const known = parts[0] === 'arn' && parts.length >= 6 && !/[*?$]/.test(parts.slice(0, 5).join());
  if (resource !== '*' && !known) {
    throw new Error(`${name}: ${show(resource)} is no resource that this evaluator can match`);
  }
  return resource;
}
