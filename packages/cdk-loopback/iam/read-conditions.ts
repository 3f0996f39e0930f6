import { operators } from './condition-operators.ts';
import type { Condition } from './policy.ts';
import { record, texts } from './policy-json.ts';

/**
 * Keys that whoever evaluates a call here can know. With any other, a `Deny` would never match and nobody would
 * notice.
 */
const knownKeys = [
  /^aws:(PrincipalArn|PrincipalAccount|PrincipalType|PrincipalIsAWSService|PrincipalServiceName)$/i,
  /^aws:PrincipalTag\/.+$/i,
  /^aws:(SourceArn|SourceAccount|SecureTransport|RequestedRegion)$/i,
  /^kms:(ViaService|CallerAccount)$/i,
  /^s3:(prefix|delimiter|max-keys)$/i,
  /^dynamodb:LeadingKeys$/i,
];

/** @throws naming the statement, and an operator or key that is not modelled */
export function readConditions(written: unknown, name: string): readonly Condition[] {
  return Object.entries(record(written, `${name} Condition`)).flatMap(([operator, keys]) =>
    Object.entries(record(keys, `${name} Condition.${operator}`)).map(([key, values]) => {
      if (!knownKeys.some((known) => known.test(key))) {
        throw new Error(`${name}: the condition key ${key} is not modelled here`);
      }
      return {
        ...readOperator(operator, name),
        key: key.toLowerCase(),
        values: texts(values, `${name} Condition.${operator}.${key}`),
      };
    }),
  );
}

function readOperator(written: string, name: string): Pick<Condition, 'operator' | 'set' | 'ifExists'> {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written);
  const operator = match?.[2];
  if (operator === undefined || !Object.hasOwn(operators, operator)) {
    throw new Error(`${name}: the condition operator ${written} is not modelled here`);
  }
  const set = match?.[1] as Condition['set'];
  return { operator, ifExists: match?.[3] !== undefined, ...(set === undefined ? {} : { set }) };
}
