import { expect, test } from 'vitest';
import {
  mentionedNames,
  noValue,
  resolveCondition,
  resolveValue,
  type Scope,
} from '../../assembly/intrinsics.ts';

const scope: Scope = {
  ref: (name) => `ref of ${name}`,
  getAtt: (id, attribute) => `${attribute} of ${id}`,
  condition: (name) => name === 'Yes',
  mapping: (...keys) => keys.join('/'),
  dynamicReference: (service, key) => `<${service} ${key}>`,
};

test.each<[unknown, unknown]>([
  [{ Ref: 'Table' }, 'ref of Table'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Arn of Table'],
  [{ 'Fn::GetAtt': ['Nested', 'Outputs.Url'] }, 'Outputs.Url of Nested'],
  [{ 'Fn::GetAtt': 'Table.Arn' }, 'Arn of Table'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }, 'a-ref of B'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [{ 'Fn::Sub': `\${A}-\${Table.Arn}-\${!Literal}` }, `ref of A-Arn of Table-\${Literal}`],
  [{ 'Fn::Sub': [`\${x}\${AWS::Region}`, { x: { Ref: 'X' } }] }, 'ref of Xref of AWS::Region'],
  [{ 'Fn::If': ['Yes', 1, 2] }, 1],
  [{ 'Fn::If': ['No', 1, { Ref: 'Two' }] }, 'ref of Two'],
  [{ 'Fn::FindInMap': ['Map', { Ref: 'A' }, 'b'] }, 'Map/ref of A/b'],
  [
    '{{resolve:secretsmanager:arn:aws:x:SecretString:token}}',
    '<secretsmanager arn:aws:x:SecretString:token>',
  ],
  [
    [1, { Ref: 'AWS::NoValue' }, { a: { Ref: 'AWS::NoValue' }, b: null }],
    [1, { b: null }],
  ],
  [{ Ref: 'AWS::NoValue' }, noValue],
  [
    { Ref: 'X', other: 1 },
    { Ref: 'X', other: 1 },
  ],
])('%j stands for %j', (value, expected) => {
  expect(resolveValue(value, scope, 'here')).toEqual(expected);
});

test('a function that is not known is refused by its name and place', () => {
  const value = { Properties: [{ 'Fn::ImportValue': 'x' }] };

  expect(() => resolveValue(value, scope, 'Table')).toThrow(
    'Table.Properties.0: the local CloudFormation does not know Fn::ImportValue',
  );
});

test('an element that is not there is refused', () => {
  expect(() => resolveValue({ 'Fn::Select': [2, ['a']] }, scope, 'here')).toThrow('finds no element 2');
});

test('conditions combine, and compare resolved values', () => {
  const equal = { 'Fn::Equals': [{ Ref: 'A' }, 'ref of A'] };

  expect(resolveCondition({ 'Fn::And': [equal, { 'Fn::Not': [{ Condition: 'No' }] }] }, scope, 'C')).toBe(
    true,
  );
  expect(resolveCondition({ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Not': [equal] }] }, scope, 'C')).toBe(
    false,
  );
  expect(() => resolveCondition({ 'Fn::Contains': [] }, scope, 'C')).toThrow('Fn::Contains');
});

test('every name that a value mentions is found, however deep', () => {
  const value = [
    { a: { Ref: 'A' } },
    { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['B', 'Arn'] }]] },
    { 'Fn::Sub': [`\${C.Arn}\${own}\${!D}`, { own: { Ref: 'E' } }] },
  ];

  expect([...mentionedNames(value)].toSorted()).toEqual(['A', 'B', 'C', 'E', 'own']);
});
