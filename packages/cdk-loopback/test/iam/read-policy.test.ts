import { expect, test } from 'vitest';
import { readPolicy } from '../../iam/read-policy.ts';

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' };

test('a policy is read whole', () => {
  const policy = readPolicy(
    {
      Version: '2012-10-17',
      Statement: {
        ...statement,
        Sid: 'Read',
        Condition: { 'ForAllValues:StringLikeIfExists': { 's3:Prefix': ['a', 'b'] } },
      },
    },
    'Role.own',
    'identity',
  );

  expect(policy.statements).toEqual([
    {
      name: 'Role.own[0] Read',
      effect: 'Allow',
      actions: ['s3:getobject'],
      resources: ['arn:aws:s3:::bucket/*'],
      conditions: [
        { operator: 'StringLike', set: 'ForAllValues', ifExists: true, key: 's3:prefix', values: ['a', 'b'] },
      ],
    },
  ]);
});

test.each([
  { change: { NotAction: 's3:*' }, names: 'NotAction' },
  { change: { NotResource: '*' }, names: 'NotResource' },
  { change: { NotPrincipal: '*' }, names: 'NotPrincipal' },
  { change: { Action: 's3:Get*' }, names: 's3:Get*' },
  { change: { Action: '*' }, names: '"*"' },
  { change: { Action: [] }, names: 'Action: is empty' },
  { change: { Resource: undefined }, names: 'Resource: is empty' },
  { change: { Resource: { Ref: 'Bucket' } }, names: '{"Ref":"Bucket"}' },
  { change: { Resource: 'arn:aws:s*:::bucket' }, names: 'arn:aws:s*:::bucket' },
  { change: { Resource: 'arn:aws:sqs:*:111122223333:queue' }, names: 'arn:aws:sqs:*' },
  { change: { Effect: 'allow' }, names: '"allow"' },
  { change: { Principal: '*' }, names: 'may have no Principal' },
  { change: { Condition: { DateLessThan: { 'aws:SourceArn': 'x' } } }, names: 'DateLessThan' },
  { change: { Condition: { StringEquals: { 'aws:SourceVpce': 'x' } } }, names: 'aws:SourceVpce' },
])('an identity policy with $names is refused', ({ change, names }) => {
  const read = () =>
    readPolicy({ Version: '2012-10-17', Statement: [{ ...statement, ...change }] }, 'Role.own', 'identity');

  expect(read).toThrow(names);
  expect(read).toThrow('Role.own[0]');
});

test.each([
  { Principal: undefined, names: 'has no Principal' },
  { Principal: { Federated: 'accounts.google.com' }, names: 'Federated' },
  { Principal: { CanonicalUser: 'abc' }, names: 'CanonicalUser' },
  { Principal: { AWS: 'arn:aws:iam::111122223333:user/eve' }, names: 'user/eve' },
  { Principal: { Service: 'example.com' }, names: 'example.com' },
])('a resource policy with $Principal is refused', ({ Principal, names }) => {
  const document = { Version: '2012-10-17', Statement: [{ ...statement, Principal }] };

  expect(() => readPolicy(document, 'BucketPolicy', 'resource')).toThrow(names);
});

test('the older policy language, in which variables are literal text, is refused', () => {
  expect(() => readPolicy({ Version: '2008-10-17', Statement: [statement] }, 'Old', 'identity')).toThrow(
    'Old: Version must be 2012-10-17',
  );
});
