import { describe, expect, test } from 'vitest';
import type { Grant } from '../../iam/evaluate.ts';
import { createIam, type IamCall } from '../../iam/iam.ts';
import { account, arns, keyUse, policy, smallDeployment } from './small-deployment.ts';

const put = call({ action: 's3:PutObject', resource: `${arns.bucket}/journal/cis/1` });

describe('a call', () => {
  test('that the template allows, with the key that it implies, is allowed', () => {
    expect(createIam({ deployment: () => smallDeployment() }).authorize(put)).toMatchObject({
      allowed: true,
    });
  });

  test('that needs TLS is refused without', () => {
    const iam = createIam({ deployment: () => smallDeployment() });

    expect(iam.authorize({ ...put, context: { 'aws:SecureTransport': 'false' } })).toMatchObject({
      reason: 'explicit',
    });
  });

  test("on another stream's journal is refused, by the tag of the role", () => {
    const iam = createIam({ deployment: () => smallDeployment() });

    expect(iam.authorize({ ...put, resource: `${arns.bucket}/journal/risk/1` })).toMatchObject({
      allowed: false,
      message: `${arns.role} may not perform s3:PutObject on ${arns.bucket}/journal/risk/1: no policy of the template allows it`,
    });
  });

  test('on encrypted data is refused to a role that may not use the key through that service', () => {
    const iam = createIam({ deployment: () => smallDeployment() });

    // The role may use the key through S3 and SQS, and not through DynamoDB.
    expect(iam.authorize(call({ action: 'dynamodb:GetItem', resource: arns.table }))).toMatchObject({
      allowed: false,
      message: expect.stringContaining(`kms:Decrypt on ${arns.key}`),
    });
  });

  test('by a service as itself has what the resource gives that service', () => {
    const queuePolicy = policy({
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arns.queue,
      Condition: { ArnLike: { 'aws:SourceArn': arns.bucket } },
    });
    const queueUrl = `https://sqs.eu-west-1.amazonaws.com/${account}/letters`;
    const deployment = smallDeployment({
      Queue: { type: 'AWS::SQS::Queue', arn: arns.queue, physicalId: queueUrl, properties: {} },
      QueuePolicy: {
        type: 'AWS::SQS::QueuePolicy',
        properties: { Queues: [queueUrl], PolicyDocument: queuePolicy },
      },
    });
    const iam = createIam({ deployment: () => deployment });
    const send = (sourceArn: string) =>
      iam.authorize({
        caller: { kind: 'service', name: 's3.amazonaws.com', sourceArn, sourceAccount: account },
        action: 'sqs:SendMessage',
        resource: arns.queue,
        context: {},
      }).allowed;

    expect([send(arns.bucket), send('arn:aws:s3:::other')]).toEqual([true, false]);
  });

  test("reads somebody else's secret only with that secret's key", () => {
    const secret = `arn:aws:secretsmanager:eu-west-1:${account}:secret:mosaic-AbCdEf`;
    const key = `arn:aws:kms:eu-west-1:${account}:key/2`;
    const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret };
    const decrypt = { ...keyUse('secretsmanager'), Resource: key };
    const reads = (...statements: readonly object[]) =>
      createIam({
        deployment: () => withStatements(...statements),
        foreignKeys: { [secret]: key },
      }).authorize(call({ action: 'secretsmanager:GetSecretValue', resource: secret })).allowed;

    expect([reads(read), reads(read, decrypt)]).toEqual([false, true]);
  });
});

test('a service assumes the role that trusts it, and no other does', () => {
  const iam = createIam({ deployment: () => smallDeployment() });
  const assume = (name: string) => iam.assumeRole(arns.role, { kind: 'service', name }).allowed;

  expect([assume('lambda.amazonaws.com'), assume('scheduler.amazonaws.com')]).toEqual([true, false]);
});

test('a role that the template does not have is an error, not a refusal', () => {
  const iam = createIam({ deployment: () => smallDeployment() });

  expect(() => iam.authorize({ ...put, caller: `arn:aws:iam::${account}:role/other` })).toThrow('role/other');
});

test('a resource that is created meanwhile brings its policy', () => {
  let deployment = smallDeployment({ BucketPolicy: { type: 'AWS::SQS::Queue', properties: {} } });
  const iam = createIam({ deployment: () => deployment });
  const before = iam.authorize(put).allowed;

  deployment = smallDeployment();

  expect([before, iam.authorize(put).allowed]).toEqual([false, true]);
});

describe('what nothing has used', () => {
  test('is every permission at first, by statement, principal, action and resource', () => {
    const iam = createIam({ deployment: () => smallDeployment() });

    expect(told(iam.unused())).toContain(`BucketPolicy[1] Collectors ${arns.role} s3:putobject`);
    expect(told(iam.unused())).toContain('Role.own[0] dynamodb:getitem');
  });

  test('is what is left after the calls that were allowed, the implied ones too', () => {
    const iam = createIam({ deployment: () => smallDeployment() });

    iam.authorize(put);
    iam.authorize({ ...put, resource: `${arns.bucket}/journal/risk/1` });
    const unused = told(iam.unused());

    expect(unused).not.toContain(`BucketPolicy[1] Collectors ${arns.role} s3:putobject`);
    expect(unused).toContain(`BucketPolicy[1] Collectors ${arns.role} s3:getobject`);
    expect(unused).not.toContain('Role.own[2] kms:generatedatakey');
    expect(unused).toContain('Role.own[3] kms:generatedatakey');
  });
});

function call(what: Pick<IamCall, 'action' | 'resource'>): IamCall {
  return { caller: arns.role, context: { 'aws:SecureTransport': 'true' }, ...what };
}

function withStatements(...statements: readonly object[]) {
  const { type, arn, physicalId, properties } = smallDeployment().get('Role');
  const Policies = [{ PolicyName: 'own', PolicyDocument: policy(...statements) }];
  return smallDeployment({ Role: { type, arn, physicalId, properties: { ...properties, Policies } } });
}

function told(grants: readonly Grant[]): readonly string[] {
  return grants.map(({ statement, principal, action }) =>
    [statement, principal, action].filter(Boolean).join(' '),
  );
}
