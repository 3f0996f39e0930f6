import { matchesArn, matchesWildcards, plain } from './patterns.ts';

/** Compares one value of the policy, variables filled in, with one of the request. */
type Compare = (wanted: string, given: string) => boolean;

export interface ConditionOperator {
  readonly compare: Compare;
  /** Holds when no value of the policy matches, and when the request has no such key. */
  readonly negated: boolean;
}

const equal: Compare = (wanted, given) => plain(wanted) === given;
const equalIgnoringCase: Compare = (wanted, given) => plain(wanted).toLowerCase() === given.toLowerCase();
const like: Compare = matchesWildcards;
const arn: Compare = matchesArn;
const numbers =
  (compare: (wanted: number, given: number) => boolean): Compare =>
  (wanted, given) =>
    compare(Number(plain(wanted)), Number(given));

/**
 * The operators modelled here. Not modelled: dates, binary values and IP addresses. `Null` looks at the key itself
 * and has no comparison.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators"
 */
export const operators: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: { compare: equal, negated: false },
  StringNotEquals: { compare: equal, negated: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negated: true },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  // The documentation says of the two ARN operators that they behave alike.
  ArnEquals: { compare: arn, negated: false },
  ArnLike: { compare: arn, negated: false },
  ArnNotEquals: { compare: arn, negated: true },
  ArnNotLike: { compare: arn, negated: true },
  Bool: { compare: equalIgnoringCase, negated: false },
  NumericEquals: { compare: numbers((wanted, given) => given === wanted), negated: false },
  NumericNotEquals: { compare: numbers((wanted, given) => given === wanted), negated: true },
  NumericLessThan: { compare: numbers((wanted, given) => given < wanted), negated: false },
  NumericLessThanEquals: { compare: numbers((wanted, given) => given <= wanted), negated: false },
  NumericGreaterThan: { compare: numbers((wanted, given) => given > wanted), negated: false },
  NumericGreaterThanEquals: { compare: numbers((wanted, given) => given >= wanted), negated: false },
  Null: { compare: () => false, negated: false },
};
