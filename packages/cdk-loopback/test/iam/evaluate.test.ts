import { describe, expect, test } from 'vitest';
import { evaluate } from '../../iam/evaluate.ts';
import type { Caller, RequestContext } from '../../iam/policy.ts';
import { type PolicyKind, readPolicy } from '../../iam/read-policy.ts';

const account = '111122223333';
const collector: Caller = {
  kind: 'role',
  arn: `arn:aws:iam::${account}:role/collector`,
  accountId: account,
  tags: { RelayStream: 'cis' },
};
const scheduler: Caller = {
  kind: 'service',
  name: 'scheduler.amazonaws.com',
  sourceArn: `arn:aws:scheduler:eu-west-1:${account}:schedule-group/relay`,
  sourceAccount: account,
};
const object = 'arn:aws:s3:::journal/cis/1.json';
const put = { action: 's3:PutObject', resource: object };
const key = { action: 'kms:Decrypt', resource: `arn:aws:kms:eu-west-1:${account}:key/1` };
const role = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/target` };

describe('one account decides', () => {
  test.each<Case>([
    { says: 'nothing is allowed that nothing allows', is: 'implicit' },
    { says: 'an identity policy is enough', identity: [allow({})], is: 'allowed' },
    {
      says: 'a resource policy that names the role is enough',
      resource: [allowBy(collector.arn)],
      is: 'allowed',
    },
    { says: 'a resource policy for everyone is enough', resource: [allowBy('*')], is: 'allowed' },
    { says: 'one that names another role is not', resource: [allowBy(`${collector.arn}-2`)], is: 'implicit' },
    {
      says: "one that names the account is not: it leaves it to the account's own policies",
      resource: [allowBy(`arn:aws:iam::${account}:root`)],
      is: 'implicit',
    },
    {
      says: 'a Deny in the resource policy beats an Allow of the role',
      identity: [allow({})],
      resource: [{ ...allowBy('*'), Effect: 'Deny' }],
      is: 'explicit',
    },
    {
      says: 'a Deny that names the account is for each of its roles',
      identity: [allow({})],
      resource: [{ ...allowBy(account), Effect: 'Deny' }],
      is: 'explicit',
    },
    {
      says: 'a Deny of the role beats an Allow of the resource',
      identity: [{ ...allow({}), Effect: 'Deny' }],
      resource: [allowBy(collector.arn)],
      is: 'explicit',
    },
    { says: 'another action is not allowed', identity: [allow({ Action: 's3:GetObject' })], is: 'implicit' },
    { says: 'actions have no case', identity: [allow({ Action: 's3:putobject' })], is: 'allowed' },
    {
      says: 'another resource is not allowed',
      identity: [allow({ Resource: 'arn:aws:s3:::journal/cis/2.json' })],
      is: 'implicit',
    },
    {
      says: 'a Deny may have wildcards among its actions',
      identity: [allow({}), { ...allow({ Action: 's3:*' }), Effect: 'Deny' }],
      is: 'explicit',
    },
  ])('$says', decides);

  test('a refusal names who, the action and the resource', () => {
    const decision = evaluate(requestOf({ says: '', is: 'implicit' }));

    expect(decision).toMatchObject({
      message: expect.stringMatching(/role\/collector.*s3:PutObject.*journal\/cis\/1\.json/),
    });
  });
});

describe('a key and a role have to agree themselves', () => {
  const own = allow({ Action: ['kms:Decrypt', 'sts:AssumeRole'], Resource: '*' });
  test.each<Case>([
    { says: 'a role alone may not use a key', call: key, identity: [own], is: 'implicit' },
    {
      says: 'a key that names the role is enough',
      call: key,
      resource: [allowBy(collector.arn)],
      is: 'allowed',
    },
    {
      says: 'a key that leaves it to the account, and a role that may, are enough',
      call: key,
      identity: [own],
      resource: [allowBy(account)],
      is: 'allowed',
    },
    {
      says: 'a key that leaves it to the account is not',
      call: key,
      resource: [allowBy(account)],
      is: 'implicit',
    },
    {
      says: 'a key that leaves another action to the account is not',
      call: key,
      identity: [own],
      resource: [{ ...allowBy(account), Action: 'kms:Encrypt' }],
      is: 'implicit',
    },
    {
      says: 'a role is not assumed by right of the caller alone',
      call: role,
      identity: [own],
      is: 'implicit',
    },
    {
      says: 'a service assumes the role that trusts it',
      caller: scheduler,
      call: role,
      trust: [trusts('scheduler.amazonaws.com')],
      is: 'allowed',
    },
    {
      says: 'and not one that trusts another',
      caller: scheduler,
      call: role,
      trust: [trusts('lambda.amazonaws.com')],
      is: 'implicit',
    },
    {
      says: 'a trust on condition of the source holds for that source',
      caller: scheduler,
      call: role,
      trust: [
        {
          ...trusts('scheduler.amazonaws.com'),
          Condition: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnLike: { 'aws:SourceArn': `arn:aws:scheduler:*:${account}:schedule-group/relay` },
          },
        },
      ],
      is: 'allowed',
    },
    {
      says: 'and not for another account',
      caller: scheduler,
      call: role,
      trust: [
        {
          ...trusts('scheduler.amazonaws.com'),
          Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } },
        },
      ],
      is: 'implicit',
    },
    { says: 'a service has no identity policies', caller: scheduler, identity: [allow({})], is: 'implicit' },
  ])('$says', decides);
});

describe('resources and variables', () => {
  test.each<Case>([
    {
      says: '* stands for any characters',
      identity: [allow({ Resource: 'arn:aws:s3:::journal/*' })],
      is: 'allowed',
    },
    {
      says: '? stands for one',
      identity: [allow({ Resource: 'arn:aws:s3:::journal/cis/?.json' })],
      is: 'allowed',
    },
    {
      says: 'and not for none',
      identity: [allow({ Resource: 'arn:aws:s3:::journal/cis/1?.json' })],
      is: 'implicit',
    },
    {
      says: 'a dot is a dot',
      identity: [allow({ Resource: 'arn:aws:s3:::journal/cis/1xjson' })],
      is: 'implicit',
    },
    {
      says: "a variable is the caller's tag",
      resource: [
        allowBy('*', { Resource: ['arn:aws:s3:::journal/$', '{aws:PrincipalTag/RelayStream}/*'].join('') }),
      ],
      is: 'allowed',
    },
    {
      says: 'a variable without a value matches nothing',
      resource: [
        allowBy('*', { Resource: ['arn:aws:s3:::journal/$', '{aws:PrincipalTag/Other}*'].join('') }),
      ],
      is: 'implicit',
    },
    {
      says: 'a wildcard in the value of a variable is literal',
      caller: { ...collector, tags: { RelayStream: '*' } },
      resource: [
        allowBy('*', { Resource: ['arn:aws:s3:::journal/$', '{aws:PrincipalTag/RelayStream}/*'].join('') }),
      ],
      is: 'implicit',
    },
  ])('$says', decides);
});

interface Case {
  readonly says: string;
  readonly caller?: Caller;
  readonly call?: { readonly action: string; readonly resource: string };
  readonly context?: RequestContext;
  readonly identity?: readonly object[];
  readonly resource?: readonly object[];
  readonly trust?: readonly object[];
  readonly is: 'allowed' | 'implicit' | 'explicit';
}

function decides(one: Case): void {
  const decision = evaluate(requestOf(one));

  expect(decision.allowed ? 'allowed' : decision.reason).toBe(one.is);
}

function requestOf({ caller = collector, call = put, context = {}, ...policies }: Case) {
  const read = (statements: readonly object[] | undefined, kind: PolicyKind) =>
    statements === undefined
      ? []
      : [readPolicy({ Version: '2012-10-17', Statement: statements }, kind, kind)];
  return {
    principal: caller,
    ...call,
    context,
    identityPolicies: read(policies.identity, 'identity'),
    resourcePolicies: [...read(policies.resource, 'resource'), ...read(policies.trust, 'trust')],
  };
}

function allow(change: object): object {
  return { Effect: 'Allow', Action: 's3:PutObject', Resource: object, ...change };
}

function allowBy(principal: string, change: object = {}): object {
  return allow({
    Principal: { AWS: principal },
    Action: ['s3:PutObject', 'kms:Decrypt'],
    Resource: '*',
    ...change,
  });
}

function trusts(service: string): object {
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } };
}
