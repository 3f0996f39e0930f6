import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { relayApp } from '../../infra/relay-app.ts';
import { inFolder, stageOf, stageSettings, unbundled } from './synthesized.ts';

const folder = join(import.meta.dirname, '../../docs/deploy');
const policy = JSON.parse(readFileSync(join(folder, 'execution-policy.json'), 'utf8')) as {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
};
const allowed = new Set(policy.Statement.flatMap(({ Action }) => Action));

/** Of each type that the stack has, what creates one and what takes it away again. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudFormation::Stack': ['cloudformation:CreateStack', 'cloudformation:DeleteStack'],
  'AWS::CloudWatch::Alarm': ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
  'AWS::CloudWatch::CompositeAlarm': ['cloudwatch:PutCompositeAlarm', 'cloudwatch:DeleteAlarms'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
  'AWS::DynamoDB::Table': ['dynamodb:CreateTable', 'dynamodb:UpdateContinuousBackups', 'kms:CreateGrant'],
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PassRole', 'iam:DeleteRole'],
  'AWS::KMS::Key': ['kms:CreateKey', 'kms:EnableKeyRotation', 'kms:ScheduleKeyDeletion'],
  'AWS::KinesisFirehose::DeliveryStream': ['firehose:CreateDeliveryStream', 'kms:CreateGrant'],
  'AWS::Lambda::EventInvokeConfig': ['lambda:PutFunctionEventInvokeConfig'],
  'AWS::Lambda::EventSourceMapping': ['lambda:CreateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
  'AWS::Lambda::Function': ['lambda:CreateFunction', 'lambda:DeleteFunction', 's3:GetObject'],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteLogGroup'],
  'AWS::Logs::LogStream': ['logs:CreateLogStream', 'logs:DeleteLogStream'],
  'AWS::S3::Bucket': ['s3:CreateBucket', 's3:PutLifecycleConfiguration', 's3:PutBucketNotification'],
  'AWS::S3::BucketPolicy': ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  'AWS::SNS::Subscription': ['sns:Subscribe', 'sns:Unsubscribe'],
  'AWS::SNS::Topic': ['sns:CreateTopic', 'sns:DeleteTopic'],
  'AWS::SNS::TopicPolicy': ['sns:SetTopicAttributes'],
  'AWS::SQS::Queue': ['sqs:CreateQueue', 'sqs:DeleteQueue'],
  'AWS::SQS::QueuePolicy': ['sqs:SetQueueAttributes'],
  'AWS::Scheduler::Schedule': ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
  'AWS::Scheduler::ScheduleGroup': ['scheduler:CreateScheduleGroup', 'scheduler:DeleteScheduleGroup'],
  'Custom::MosaicStream': ['lambda:InvokeFunction'],
};

test('what CloudFormation may do covers every type of resource in the stack, nested ones included', () => {
  const stage = stageOf(
    stageSettings({
      journalReaders: ['arn:aws:iam::111122223333:role/reader'],
      streams: [{ id: 'one', type: 'cis', destinations: [{ kind: 's3' }, gcs], reservedConcurrency: 2 }],
    }),
  );
  const types = inFolder((outdir) => {
    relayApp(stage, { outdir, context: unbundled }).synth();
    return templatesIn(outdir).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
  });
  const missing = [...new Set(types)].flatMap((type) =>
    (needed[type] ?? [`an entry for ${type} in this test`]).filter((action) => !allowed.has(action)),
  );
  expect(missing).toEqual([]);
}, 120_000);

test('it may touch nothing that is not of the relay, where a resource has a name', () => {
  for (const { Effect, Action, Resource } of policy.Statement) {
    expect(Effect).toBe('Allow');
    expect([Action].flat().join()).not.toContain('*');
    for (const resource of [Resource].flat()) {
      expect(resource).toMatch(
        /mosaic-(relay|siem-relay)|cdk-hnb659fds-assets|:key\/\*$|:log-group:\*$|^\*$/,
      );
    }
  }
});

const gcs = {
  kind: 'gcs',
  bucket: 'mosaic-events',
  provider:
    '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
} as const;

interface Written {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

function templatesIn(outdir: string): readonly Written[] {
  return readdirSync(outdir)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => JSON.parse(readFileSync(join(outdir, name), 'utf8')) as Written);
}
