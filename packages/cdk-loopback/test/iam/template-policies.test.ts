import { describe, expect, test } from 'vitest';
import { impliedCalls } from '../../iam/implied-calls.ts';
import { templatePolicies } from '../../iam/template-policies.ts';
import { arns, policy, type ResourceSketch, smallDeployment } from './small-deployment.ts';

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${arns.bucket}/x` };

describe('a role has', () => {
  test('a policy that names it', () => {
    const properties = { Roles: ['collector'], PolicyDocument: policy(statement) };
    const deployment = smallDeployment({ Added: { type: 'AWS::IAM::Policy', properties } });

    expect(namesOf(templatePolicies(deployment).ofRole(arns.role))).toEqual(['Role.own', 'Added']);
  });

  test('the managed policy of AWS that the CDK gives to functions', () => {
    const arn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const own = smallDeployment().get('Role').properties;
    const deployment = smallDeployment({
      Role: { ...smallDeployment().get('Role'), properties: { ...own, ManagedPolicyArns: [arn] } },
    });

    expect(namesOf(templatePolicies(deployment).ofRole(arns.role))).toEqual(['Role.own', arn]);
  });

  test('its tags, which policies may ask for', () => {
    expect(templatePolicies(smallDeployment()).role(arns.role)).toMatchObject({
      tags: { RelayStream: 'cis' },
    });
  });
});

describe('a resource has', () => {
  test('its policy, for all of its parts', () => {
    const policies = templatePolicies(smallDeployment());

    expect(namesOf(policies.ofResource(`${arns.bucket}/journal/cis/1`))).toEqual(['BucketPolicy']);
    expect(policies.ofResource(`${arns.bucket}-2/journal`)).toEqual([]);
  });
});

describe('refused by name', () => {
  const role = smallDeployment().get('Role');
  test.each<readonly [names: string, logicalId: string, resource: ResourceSketch]>([
    [
      'arn:aws:iam::aws:policy/AdministratorAccess',
      'Role',
      withProperties({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    ],
    ['PermissionsBoundary', 'Role', withProperties({ PermissionsBoundary: 'arn:boundary' })],
    [
      'AWS::Logs::ResourcePolicy',
      'Logs',
      { type: 'AWS::Logs::ResourcePolicy', properties: { PolicyDocument: policy(statement) } },
    ],
    [
      'no "elsewhere"',
      'Other',
      { type: 'AWS::S3::BucketPolicy', properties: { Bucket: 'elsewhere', PolicyDocument: policy() } },
    ],
  ])('%s', (names, logicalId, resource) => {
    expect(() => templatePolicies(smallDeployment({ [logicalId]: resource }))).toThrow(names);
  });

  function withProperties(properties: object): ResourceSketch {
    return { ...role, properties: { ...role.properties, ...properties } };
  }
});

describe('encryption implies', () => {
  test.each([
    { action: 's3:PutObject', resource: `${arns.bucket}/x`, needs: ['kms:GenerateDataKey', 'kms:Decrypt'] },
    { action: 's3:GetObject', resource: `${arns.bucket}/x`, needs: ['kms:Decrypt'] },
    { action: 's3:ListBucket', resource: arns.bucket, needs: [] },
    { action: 'sqs:SendMessage', resource: arns.queue, needs: ['kms:GenerateDataKey', 'kms:Decrypt'] },
    { action: 'sqs:ReceiveMessage', resource: arns.queue, needs: ['kms:Decrypt'] },
    { action: 'sqs:DeleteMessage', resource: arns.queue, needs: [] },
    { action: 'dynamodb:UpdateItem', resource: arns.table, needs: ['kms:Decrypt'] },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::elsewhere/x', needs: [] },
  ])('$needs for $action', ({ needs, ...call }) => {
    const implied = impliedCalls(call, smallDeployment());

    expect(implied.map(({ action }) => action)).toEqual(needs);
    expect(implied.every(({ resource }) => resource === arns.key)).toBe(true);
  });

  test('use through the service that was called', () => {
    const [use] = impliedCalls({ action: 'sqs:ReceiveMessage', resource: arns.queue }, smallDeployment());

    expect(use?.context['kms:ViaService']).toBe('sqs.eu-west-1.amazonaws.com');
  });

  test.each([
    { key: '1', needs: 1 },
    { key: 'alias/aws/sqs', needs: 0 },
  ])('a key that is named $key', ({ key, needs }) => {
    const deployment = smallDeployment({
      Queue: { type: 'AWS::SQS::Queue', arn: arns.queue, properties: { KmsMasterKeyId: key } },
    });

    expect(impliedCalls({ action: 'sqs:ReceiveMessage', resource: arns.queue }, deployment)).toHaveLength(
      needs,
    );
  });
});

function namesOf(policies: readonly { readonly name: string }[]): readonly string[] {
  return policies.map(({ name }) => name);
}
