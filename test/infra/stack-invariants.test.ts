import { dependencyOrder } from '@mosaic-relay/cdk-loopback';
import { describe, expect, test } from 'vitest';
import { collectorSettings } from '../../functions/collector/contract.ts';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { stages } from '../../infra/config/stages.ts';
import { withWitnesses } from '../../infra/config/witness.ts';
import { resourcesOf, settingsIn, type Template, templateOf } from './synthesized.ts';

function shippedTemplate(name: string, witness?: 'recover'): Template {
  const chosen = chooseStage(withWitnesses(stages, witness), name);
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  return templateOf(chosen.stage);
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface DestinationConfiguration {
  readonly RoleARN?: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly S3Configuration?: { readonly RoleARN: { readonly 'Fn::GetAtt': readonly [string, string] } };
}

const dev = shippedTemplate('dev');
const prod = shippedTemplate('prod');

describe.each([
  ['dev', dev],
  ['prod', prod],
] as const)('in %s', (_, template) => {
  const roles = resourcesOf(template, 'AWS::IAM::Role');
  const roleStatements: readonly (readonly [string, Statement])[] = roles.flatMap(([id, { Properties }]) =>
    Properties.Policies.flatMap((policy: { PolicyDocument: { Statement: Statement[] } }) =>
      policy.PolicyDocument.Statement.map((statement) => [id, statement] as const),
    ),
  );

  test('every function is ours, runs Node 24 on arm64 and ends', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      if (Properties.Environment.Variables.SINK === undefined)
        expect(Properties.FunctionName).toMatch(/-(collector|stream-lifecycle)$/);
      expect(Properties.Timeout).toBeLessThanOrEqual(900);
      expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    }
  });

  test('one bundle serves every collector', () => {
    const collectors = resourcesOf(template, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
      String(Properties.FunctionName).endsWith('-collector'),
    );
    expect(collectors).toHaveLength(4);
    expect(new Set(collectors.map(([, { Properties }]) => Properties.Code.S3Key)).size).toBe(1);
  });

  test('a collector is told its settings by one variable, and reads all that it is told', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      if (!String(Properties.FunctionName).endsWith('-collector')) continue;
      expect(Object.keys(Properties.Environment.Variables).toSorted()).toEqual(['NODE_OPTIONS', 'SETTINGS']);
    }
    for (const told of settingsIn(template))
      expect(Object.keys(told).filter((name) => !(name in collectorSettings.shape))).toEqual([]);
    expect(settingsIn(template)).toHaveLength(4);
  });

  test('no role has a managed policy', () => {
    for (const [, { Properties }] of roles) expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(resourcesOf(template, 'AWS::IAM::Policy')).toEqual([]);
    expect(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  test('no policy allows an action by wildcard, and no role a resource by one but the folders of its destination and the logs of the stage', () => {
    for (const [id, statement] of roleStatements) {
      expect([statement.Action].flat().join()).not.toContain('*');
      const [, stream, destination] =
        /^Streams(admin|cis|risk|verify)(\w+?)(?:s3|splunk|http|gcs)(?:CopierFunction)?Role/.exec(id) ?? [];
      const own = new RegExp(`/(backup|delivered)/${stream}/${destination}/\\*"`, 'g');
      const logs =
        /^StreamLifecycle/.test(id) && statement.Action === 'logs:FilterLogEvents'
          ? /:log-group:\/mosaic-siem-relay\/(dev|prod)\/\*"/
          : /$^/;
      expect(JSON.stringify(statement.Resource).replaceAll(own, '"').replace(logs, '"')).not.toContain('*');
    }
    const resourcePolicies = [
      ...resourcesOf(template, 'AWS::S3::BucketPolicy'),
      ...resourcesOf(template, 'AWS::SQS::QueuePolicy'),
    ].flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
    const keyPolicies = resourcesOf(template, 'AWS::KMS::Key').flatMap(
      ([, { Properties }]) => Properties.KeyPolicy.Statement as Statement[],
    );
    for (const { Effect, Action } of [...resourcePolicies, ...keyPolicies]) {
      if (Effect === 'Allow') expect([Action].flat().join()).not.toContain('*');
    }
  });

  test('each kind of role may do just this', () => {
    const actions = (suffix: RegExp) =>
      roleStatements.filter(([id]) => suffix.test(id)).flatMap(([, { Action }]) => Action);
    expect([...new Set(actions(/^StreamscisCollector/))].toSorted()).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'firehose:PutRecordBatch',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:ListBucket',
      'scheduler:GetSchedule',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ]);
    expect([...new Set(actions(/^StreamscisSchedules/))].toSorted()).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'lambda:InvokeFunction',
      'sqs:SendMessage',
    ]);
    expect([...new Set(actions(/^StreamLifecycle/))].toSorted()).toEqual([
      'cloudformation:DescribeStackResource',
      'cloudformation:DescribeStacks',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'logs:CreateLogStream',
      'logs:FilterLogEvents',
      'logs:PutLogEvents',
      's3:ListBucket',
      'secretsmanager:GetSecretValue',
    ]);
  });

  test('a collector reaches its own items and folders alone', () => {
    const own = roleStatements.filter(([id]) => id.startsWith('StreamscisCollector'));
    const text = JSON.stringify(own);
    expect(text).toContain('"dynamodb:LeadingKeys":["cis"]');
    expect(text).toContain('"s3:prefix":["journal/cis/*","quarantine/cis/*","backup/cis/*"]');
    for (const other of ['admin', 'risk', 'verify']) expect(text).not.toContain(`"${other}"`);
  });

  test('a collector writes to the bucket by one statement, so that its probe is refused whenever its batches are', () => {
    const [[, policy] = []] = resourcesOf(template, 'AWS::S3::BucketPolicy').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('"Collectors"'),
    );
    const statements: readonly { Sid?: string; Action: string | string[]; Resource: unknown }[] =
      policy?.Properties.PolicyDocument.Statement;
    const writing = statements.filter(
      ({ Action, Resource }) =>
        [Action].flat().includes('s3:PutObject') && JSON.stringify(Resource).includes('/journal/'),
    );
    expect(writing.map(({ Sid }) => Sid)).toEqual(['Collectors']);
    expect(JSON.stringify(writing)).toContain(`/journal/\${aws:PrincipalTag/RelayStream}/*`);
  });

  test('whoever acts for a service is trusted for its own resource alone', () => {
    for (const [, { Properties }] of roles) {
      const [trust] = Properties.AssumeRolePolicyDocument.Statement;
      if (trust.Principal.Service === 'lambda.amazonaws.com') continue;
      expect(trust.Principal.AWS).toBeUndefined();
      expect(Object.keys(trust.Condition.StringEquals)).toEqual(['aws:SourceAccount', 'aws:SourceArn']);
    }
  });

  test('a stream is collected and swept by schedules that give a late tick up', () => {
    const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule');
    expect(schedules).toHaveLength(10);
    for (const [, { Properties }] of schedules) {
      expect(Properties.FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
      expect(JSON.parse(Properties.Target.Input).task).toMatch(/^(collect|sweep|find-orphans|watch-kept)$/);
      expect(Properties.Target.DeadLetterConfig.Arn).toBeDefined();
      expect(Properties.Target.RetryPolicy.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(60);
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::EventInvokeConfig')) {
      expect(Properties).toMatchObject({ MaximumRetryAttempts: 0, Qualifier: '$LATEST' });
      expect(Properties.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(60);
      expect(Properties.MaximumEventAgeInSeconds).toBeLessThanOrEqual(300);
    }
  });

  test('every log ends, and every function and delivery stream has one', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(90);
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(Properties.LoggingConfig.LogGroup).toBeDefined();
    }
  });

  test('delivery streams are encrypted, and kept with their roles when they leave the template', () => {
    for (const [, resource] of resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream')) {
      expect(resource.Properties.DeliveryStreamEncryptionConfigurationInput.KeyType).toBe(
        'CUSTOMER_MANAGED_CMK',
      );
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      const [, configuration] = Object.entries(resource.Properties).find(([name]) =>
        name.endsWith('DestinationConfiguration'),
      ) as [string, DestinationConfiguration];
      const { RoleARN: role = configuration.S3Configuration?.RoleARN } = configuration;
      expect(template.Resources[role?.['Fn::GetAtt'][0] ?? '']?.DeletionPolicy).toBe('Retain');
    }
    const logs = resourcesOf(template, 'AWS::Logs::LogGroup').filter(([id]) =>
      /^Streams.*Logs[0-9A-F]{8}$/.test(id),
    );
    const ofDelivery = logs.filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('/mosaic-siem-relay/'),
    );
    expect(ofDelivery).toHaveLength(resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream').length);
    for (const [, { DeletionPolicy }] of ofDelivery) expect(DeletionPolicy).toBe('Retain');
  });

  test('buckets and queues answer over TLS alone, and buckets are private and logged', () => {
    const denials = [
      ...resourcesOf(template, 'AWS::S3::BucketPolicy'),
      ...resourcesOf(template, 'AWS::SQS::QueuePolicy'),
    ].map(([, { Properties }]) => Properties.PolicyDocument.Statement[0]);
    const owners = ['AWS::S3::Bucket', 'AWS::SQS::Queue'].flatMap((type) => resourcesOf(template, type));
    expect(denials).toHaveLength(owners.length);
    for (const denial of denials) {
      expect(denial).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::S3::Bucket')) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Properties.LoggingConfiguration === undefined).toBe(id.includes('AccessLogs'));
    }
  });

  test('the table can be restored to any second', () => {
    const [table] = resourcesOf(template, 'AWS::DynamoDB::Table');
    expect(table?.[1].Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});

test('prod keeps every bucket, table, key and delivery stream', () => {
  const kept = [
    'AWS::S3::Bucket',
    'AWS::DynamoDB::Table',
    'AWS::KMS::Key',
    'AWS::KinesisFirehose::DeliveryStream',
  ];
  for (const [, resource] of kept.flatMap((type) => resourcesOf(prod, type))) {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  }
  const [table] = resourcesOf(prod, 'AWS::DynamoDB::Table');
  expect(table?.[1].Properties).toMatchObject({ DeletionProtectionEnabled: true });
});

test('no delivery stream is made before Mosaic has answered for every stream: a rollback would keep it', () => {
  const { Resources } = shippedTemplate('dev', 'recover');
  const needs = dependencyOrder(Resources as Parameters<typeof dependencyOrder>[0]);
  const awaited = (id: string, met: Set<string> = new Set()): ReadonlySet<string> => {
    for (const need of needs.get(id) ?? []) if (!met.has(need)) awaited(need, met.add(need));
    return met;
  };
  const ids = (type: string) => Object.keys(Resources).filter((id) => Resources[id]?.Type === type);
  const streams = ids('Custom::MosaicStream');
  expect(streams).toHaveLength(8);
  for (const id of ids('AWS::KinesisFirehose::DeliveryStream')) {
    expect([...awaited(id)]).toEqual(expect.arrayContaining(streams));
  }
});

test("the stage's own alarms come after the first call of the stream lifecycle, whose silence one of them tells", () => {
  const { Resources } = shippedTemplate('dev', 'recover');
  const only = (type: string, part: string) =>
    Object.keys(Resources).filter((id) => Resources[id]!.Type === type && id.includes(part));
  const [guard] = only('Custom::Undelivered', '');
  const overviews = only('AWS::CloudFormation::Stack', 'Overview');

  expect(overviews).toHaveLength(1);
  expect([Resources[overviews[0]!]!.DependsOn].flat()).toContain(guard);
});

test('nothing in the template is a secret', () => {
  expect(JSON.stringify([dev, prod])).not.toMatch(/client_secret|hec_token|resolve:secretsmanager/);
});

/** A value that CloudFormation fills in, with a stand-in for what it does not know yet. */
