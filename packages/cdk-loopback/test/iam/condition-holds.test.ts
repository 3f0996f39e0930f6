import { describe, expect, test } from 'vitest';
import { conditionHolds } from '../../iam/condition-holds.ts';
import type { RequestContext } from '../../iam/policy.ts';
import { readConditions } from '../../iam/read-conditions.ts';

const arn = 'arn:aws:s3:::relay-bucket';

describe('conditions, by the tables of the IAM user guide', () => {
  test.each<readonly [operator: string, wanted: string | readonly string[], given: Given, holds: boolean]>([
    ['StringEquals', 'cis', 'cis', true],
    ['StringEquals', 'cis', 'CIS', false],
    ['StringEquals', 'c*', 'cis', false],
    ['StringEquals', ['admin', 'cis'], 'cis', true],
    ['StringEquals', 'cis', undefined, false],
    ['StringEqualsIfExists', 'cis', undefined, true],
    ['StringEqualsIfExists', 'cis', 'risk', false],
    ['StringEqualsIgnoreCase', 'cis', 'CIS', true],
    ['StringNotEquals', ['admin', 'cis'], 'cis', false],
    ['StringNotEquals', ['admin', 'cis'], 'risk', true],
    ['StringNotEquals', 'cis', undefined, true],
    ['StringLike', 'journal/cis/*', 'journal/cis/a/b', true],
    ['StringLike', 'journal/cis/*', 'journal/risk/a', false],
    ['StringNotLike', 'journal/*', 'quarantine/', true],
    ['ArnEquals', 'arn:aws:s3:::relay-*', arn, true],
    ['ArnLike', 'arn:aws:s3:::relay-*', arn, true],
    ['ArnLike', 'arn:aws:s3:*', arn, false],
    ['ArnNotLike', 'arn:aws:s3:::other', arn, true],
    ['Bool', 'false', 'true', false],
    ['Bool', 'true', 'True', true],
    ['Bool', 'false', undefined, false],
    ['NumericLessThanEquals', '1000', '1000', true],
    ['NumericLessThan', '1000', '1000', false],
    ['NumericGreaterThan', '9', '10', true],
    ['NumericEquals', '1', 'one', false],
    ['Null', 'true', undefined, true],
    ['Null', 'true', 'x', false],
    ['Null', 'false', 'x', true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', 'a', undefined, true],
    ['ForAllValues:StringEquals', 'a', 'a', true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
    ['ForAnyValue:StringEquals', 'a', undefined, false],
  ])('%s %j of %j is %s', (operator, wanted, given, holds) => {
    const [condition] = readConditions({ [operator]: { 'dynamodb:LeadingKeys': wanted } }, 'test');

    const context: RequestContext = given === undefined ? {} : { 'dynamodb:leadingkeys': given };

    expect(conditionHolds(condition!, context)).toBe(holds);
  });

  test('several values of the request need a condition that is written for a set', () => {
    const [condition] = readConditions({ StringEquals: { 'dynamodb:LeadingKeys': 'a' } }, 'test');

    expect(() => conditionHolds(condition!, { 'dynamodb:leadingkeys': ['a', 'b'] })).toThrow(
      'dynamodb:leadingkeys has several values',
    );
  });
});

type Given = string | readonly string[] | undefined;
