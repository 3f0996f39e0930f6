import { operators } from './condition-operators.ts';
import { fillVariables } from './patterns.ts';
import type { Condition, RequestContext } from './policy.ts';

/**
 * Does one condition hold? Several keys and operators of a statement must all hold, several values of one are
 * alternatives.
 *
 * @param context with its keys in lower case
 * @throws when the request has several values and the condition is not written for a set of them
 * @see IAM user guide, "Conditions with multiple context keys or values", "Set operators for multivalued context keys"
 */
export function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const given = context[condition.key];
  if (condition.operator === 'Null') {
    const absent = given === undefined || given.length === 0;
    return condition.values.every((value) => (value.toLowerCase() === 'true') === absent);
  }
  const { compare, negated } = operators[condition.operator]!;
  if (given === undefined) return condition.ifExists || whenAbsent(condition, negated);

  const wanted = condition.values.map((value) => fillVariables(value, context));
  // Nothing can be said of a value that the request leaves open, not even that it differs.
  if (wanted.includes(undefined)) return false;
  const holds = (value: string) => wanted.some((one) => compare(one!, value)) !== negated;
  if (condition.set === 'ForAllValues') return [given].flat().every(holds);
  if (condition.set === 'ForAnyValue') return [given].flat().some(holds);
  if (typeof given !== 'string') {
    throw new Error(`${condition.key} has several values: its condition needs ForAllValues or ForAnyValue`);
  }
  return holds(given);
}

/** A set without a member has no member that offends. */
function whenAbsent({ set }: Condition, negated: boolean): boolean {
  return set === undefined ? negated : set === 'ForAllValues';
}
