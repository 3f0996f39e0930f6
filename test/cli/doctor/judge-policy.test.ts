import { expect, test } from 'vitest';
import { judgePolicy, type PolicyQuestion } from '../../../cli/doctor/secrets/judge-policy.ts';

const account = '111122223333';
const role = `arn:aws:iam::${account}:role/mosaic-relay-prod-cis-Role-1A2B`;
const via = 'secretsmanager.eu-west-1.amazonaws.com';
const question: PolicyQuestion = {
  action: 'kms:Decrypt',
  resource: `arn:aws:kms:eu-west-1:${account}:key/own`,
  account,
  role,
  context: { 'kms:viaservice': via, 'aws:principalarn': role, 'aws:principalaccount': account },
};
const root = { AWS: `arn:aws:iam::${account}:root` };
const allow = { Sid: 'Use', Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: root };
const deny = { ...allow, Sid: 'Never', Effect: 'Deny', Principal: '*' };

function verdict(statements: object | readonly object[], asked: Partial<PolicyQuestion> = {}): string {
  const found = judgePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), {
    ...question,
    ...asked,
  });
  return 'statement' in found ? `${found.kind} by ${found.statement}` : found.kind;
}

test.each([
  ['the usual key policy leaves use to the account', allow, 'leaves'],
  ['an account named by its number is the same', { ...allow, Principal: { AWS: account } }, 'leaves'],
  [
    'a statement about another resource says nothing',
    { ...allow, Resource: `arn:aws:kms:eu-west-1:${account}:key/other` },
    'silent',
  ],
  ['nor does a denial about another', [allow, { ...deny, Resource: 'arn:aws:kms:*:*:key/other' }], 'leaves'],
  ['wildcards in resources count', { ...allow, Resource: ['a', 'arn:aws:kms:*:*:key/ow?'] }, 'leaves'],
  ['capitals in resources count', { ...allow, Resource: 'arn:aws:kms:*:*:key/OWN' }, 'silent'],
  [
    'NotResource leaves the rest',
    { ...allow, NotResource: 'arn:aws:kms:*:*:key/other', Resource: undefined },
    'leaves',
  ],
  ['another account is nobody', { ...allow, Principal: { AWS: '999999999999' } }, 'silent'],
  ['a service is no role', { ...allow, Principal: { Service: 'secretsmanager.amazonaws.com' } }, 'silent'],
  ['the role itself is named', { ...allow, Principal: { AWS: [role] } }, 'allows'],
  ['administration is no use', { ...allow, Action: ['kms:Describe*', 'kms:Put*'] }, 'silent'],
  ['wildcards in actions count', { ...allow, Action: ['kms:Decr?pt'] }, 'leaves'],
  [
    'NotAction leaves the rest',
    { ...allow, NotAction: 'kms:ScheduleKeyDeletion', Action: undefined },
    'leaves',
  ],
  [
    'the AWS-managed form: everybody, by way of the service',
    { ...allow, Principal: { AWS: '*' }, Condition: { StringEquals: { 'kms:ViaService': via } } },
    'allows',
  ],
  ['another service', { ...allow, Condition: { StringEquals: { 'kms:ViaService': 's3.x' } } }, 'silent'],
  [
    'StringEquals knows no wildcard',
    { ...allow, Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com' } } },
    'silent',
  ],
  [
    'StringLike knows wildcards',
    { ...allow, Condition: { StringLike: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com' } } },
    'leaves',
  ],
  [
    'StringEquals looks at case',
    { ...allow, Condition: { StringEquals: { 'kms:ViaService': via.toUpperCase() } } },
    'silent',
  ],
  ['a denial wins', [allow, deny], 'denies by Never'],
  [
    'a denial that excepts the role does not',
    [
      allow,
      { ...deny, Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/mosaic-*` } } },
    ],
    'leaves',
  ],
  [
    'a condition that nobody here knows leaves it open',
    { ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
    'unclear by Use',
  ],
  [
    'such a denial does, whatever else allows',
    [allow, { ...deny, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
    'unclear by Never',
  ],
  [
    'such a condition beside one that does not hold is clear',
    { ...deny, Condition: { StringEquals: { 'aws:SourceVpce': 'v', 'kms:ViaService': 's3.x' } } },
    'silent',
  ],
  [
    'a denial to other accounts than the owner is none to the owner',
    [
      allow,
      { ...deny, Condition: { StringNotEquals: { 'aws:PrincipalAccount': `\${aws:ResourceAccount}` } } },
    ],
    'leaves',
  ],
  [
    "a permission of the owner's account is one",
    {
      ...allow,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': `\${aws:ResourceAccount}` } },
    },
    'allows',
  ],
  [
    'a variable is filled in within a text, whatever its capitals and its default',
    {
      ...allow,
      Condition: {
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::\${AWS:PrincipalAccount, 'none'}:role/mosaic-*` },
      },
    },
    'leaves',
  ],
  [
    'a variable that nobody here knows leaves it open',
    [
      allow,
      {
        ...deny,
        Condition: { StringEquals: { 'aws:PrincipalAccount': ['9', `\${aws:PrincipalTag/Home}`] } },
      },
    ],
    'unclear by Never',
  ],
  [
    'such a variable beside a value that matches is clear',
    {
      ...allow,
      Condition: { StringEquals: { 'aws:PrincipalAccount': [`\${aws:PrincipalTag/Home}`, account] } },
    },
    'leaves',
  ],
  [
    'a variable in a resource is filled in',
    [allow, { ...deny, Resource: `arn:aws:kms:*:\${aws:PrincipalAccount}:key/other` }],
    'leaves',
  ],
  [
    'a resource of an unknown variable leaves it open',
    [allow, { ...deny, Resource: `\${aws:PrincipalTag/Key}` }],
    'unclear by Never',
  ],
  [
    'an escaped wildcard is a character',
    { ...allow, Condition: { StringLike: { 'kms:ViaService': `secretsmanager.\${*}` } } },
    'silent',
  ],
  ['NotPrincipal leaves it open', { ...deny, Principal: undefined, NotPrincipal: root }, 'unclear by Never'],
  [
    'a statement without a name is told by its place',
    [allow, { ...deny, Sid: undefined }],
    'denies by statement 2',
  ],
] as const)('%s', (_, statements, expected) => {
  expect(verdict(statements)).toBe(expected);
});

test('before a deploy no policy names the role, and a condition on its ARN leaves it open', () => {
  const before = { role: undefined, context: { 'kms:viaservice': via } };

  expect(verdict(allow, before)).toBe('leaves');
  expect(verdict({ ...allow, Principal: { AWS: role } }, before)).toBe('silent');
  const byArn = { ...allow, Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/mosaic-*' } } };
  expect(verdict(byArn, before)).toBe('unclear by Use');
});

test('a policy in the first version of the language has no variables', () => {
  const own = { StringEquals: { 'aws:PrincipalAccount': `\${aws:ResourceAccount}` } };
  const policy = { Version: '2008-10-17', Statement: { ...allow, Condition: own } };

  expect(judgePolicy(JSON.stringify(policy), question).kind).toBe('silent');
});

test('a policy that is no JSON is told as such', () => {
  expect(judgePolicy('{', question).kind).toBe('unclear');
});
