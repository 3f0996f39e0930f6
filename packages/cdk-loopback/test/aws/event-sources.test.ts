import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployStack } from '../../aws/cloudformation/deploy.ts';
import { type StackFixture, startAt, startStackFixture } from './cloudformation/stack-fixture.ts';

/** Copies nothing: it notes what it was given, and fails what names `bad`. */
const code = `
  exports.handler = async (event) => {
    const failed = [];
    for (const record of event.Records) {
      const told = JSON.parse(record.body);
      if (told.Event === 's3:TestEvent') continue;
      console.log('KEY ' + told.Records[0].s3.object.key + ' ' + record.attributes.ApproximateReceiveCount);
      if (told.Records[0].s3.object.key.includes('bad')) failed.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures: failed };
  };
`;

let fixture: StackFixture;
const lines: { readonly at: number; readonly text: string }[] = [];
beforeAll(async () => {
  fixture = await startStackFixture({
    lambda: {
      onLog: (_, line) => {
        const text = /KEY (.*)/.exec(line)?.[1];
        if (text !== undefined) lines.push({ at: fixture.account.clock.now(), text });
      },
    },
  });
});
afterAll(() => fixture.close());

test('an object becomes a message, and a message that fails comes back until it is dead-lettered', async () => {
  const { account } = fixture;
  const deployment = await deployStack(fixture.stack(template()), account);
  const s3 = new S3Client({
    endpoint: account.gateway.url,
    region: account.region,
    credentials: account.identities.issueTo({ kind: 'operator' }),
    forcePathStyle: true,
  });
  const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'events', Key, Body: 'x' }));

  await put('data/type=cis/a b.gz');
  await put('errors/type=cis/a.gz');
  await put('data/bad');
  const dead = deployment.get('Dead').arn!;
  await account.clock.runUntil(() => account.sqs.depth(dead).visible === 1, startAt + 86_400_000);
  s3.destroy();

  expect(lines.map(({ text }) => text).sort()).toEqual([
    'data/bad 1',
    'data/bad 2',
    'data/type%3Dcis/a+b.gz 1',
  ]);
  const [first, second] = lines.filter(({ text }) => text.startsWith('data/bad'));
  // A line comes some milliseconds after the receipt that hides the message for 60 s.
  expect(second!.at - first!.at).toBeGreaterThan(55_000);
  expect(account.sqs.depth(deployment.get('Queue').arn!)).toEqual({ visible: 0, hidden: 0 });
  expect(account.permissions.denials).toEqual([]);
});

test('a queue that S3 may not send to fails the deployment', async () => {
  const stack = fixture.stack(template({ principal: 'sns.amazonaws.com', bucket: 'others' }));
  await expect(deployStack(stack, fixture.account)).rejects.toThrow(/Unable to validate the destination/);
});

test('a message may not come back before the function has ended', async () => {
  const stack = fixture.stack(template({ visibility: 2, bucket: 'third' }));
  await expect(deployStack(stack, fixture.account)).rejects.toThrow(/less than Function timeout: 3 seconds/);
});

function template({ principal = 's3.amazonaws.com', visibility = 60, bucket = 'events' } = {}): object {
  const suffix = bucket === 'events' ? '' : `-${bucket}`;
  const queueArn = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ],
  };
  const allowed = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        Resource: queueArn,
      },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
    ],
  };
  return {
    Resources: {
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `dead${suffix}` } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: `queue${suffix}`,
          VisibilityTimeout: visibility,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
        },
      },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sqs:SendMessage',
                Resource: queueArn,
                Principal: { Service: principal },
                Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${bucket}` } },
              },
            ],
          },
        },
      },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        DependsOn: 'Policy',
        Properties: {
          BucketName: bucket,
          NotificationConfiguration: {
            QueueConfigurations: [
              {
                Event: 's3:ObjectCreated:*',
                Queue: queueArn,
                Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'data/' }] } },
              },
            ],
          },
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust,
          Policies: [{ PolicyName: 'own', PolicyDocument: allowed }],
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: `copier${suffix}`,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: code },
        },
      },
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: queueArn,
          FunctionName: { Ref: 'Function' },
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
    },
  };
}
