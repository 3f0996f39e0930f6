import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createVirtualClock, startStack } from '@mosaic-relay/cdk-loopback';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'overdue-books-'));

// A lending library's stack, as any CDK app would write it: a schedule, a function, a table and a queue.
const outfile = join(folder, 'code', 'index.js');
buildSync({
  entryPoints: [join(import.meta.dirname, 'remind.ts')],
  outfile,
  bundle: true,
  platform: 'node',
});
const app = new App({ outdir: join(folder, 'assembly') });
const library = new Stack(app, 'library');
const loans = new Table(library, 'Loans', {
  partitionKey: { name: 'book', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
});
const reminders = new Queue(library, 'Reminders');
const remind = new LambdaFunction(library, 'Remind', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromAsset(join(folder, 'code')),
  memorySize: 256,
  timeout: Duration.seconds(30),
  environment: { LOANS: loans.tableName, REMINDERS: reminders.queueUrl },
});
loans.grantReadWriteData(remind);
reminders.grantSendMessages(remind);
new Schedule(library, 'Hourly', {
  schedule: ScheduleExpression.rate(Duration.hours(1)),
  target: new LambdaInvoke(remind, { input: ScheduleTargetInput.fromObject({}) }),
});
app.synth();

// The stack on this machine. Time stands still until the clock is told to run, and then jumps from tick to tick.
const clock = createVirtualClock({ startAt: Date.parse('2026-05-01T08:00:00Z') });
const stack = await startStack({
  assemblyDir: join(folder, 'assembly'),
  workDir: join(folder, 'work'),
  hosts: {},
  clock,
});
const client = {
  endpoint: stack.gatewayUrl,
  region: stack.region,
  credentials: stack.operatorCredentials(),
};
const dynamodb = new DynamoDBClient(client);
const [table] = stack.deployment.byType('AWS::DynamoDB::Table');
for (const [book, due] of Object.entries({ Emma: '2026-05-01T09:30:00Z', Ulysses: '2026-05-20T09:30:00Z' })) {
  const Item = { book: { S: book }, due: { N: String(Date.parse(due)) } };
  await dynamodb.send(new PutItemCommand({ TableName: table?.physicalId, Item }));
}

stack.startSchedules();
await clock.runUntil(() => false, Date.parse('2026-05-01T12:00:00Z'));

const sqs = new SQSClient(client);
const [queue] = stack.deployment.byType('AWS::SQS::Queue');
const { Messages = [] } = await sqs.send(
  new ReceiveMessageCommand({
    QueueUrl: queue?.physicalId,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['SentTimestamp'],
  }),
);
for (const { Body, Attributes } of Messages) {
  console.log(
    `${Body}, reminded at ${new Date(Number(Attributes?.SentTimestamp)).toISOString().slice(0, 16)}`,
  );
}
console.log(`calls that the policies refused: ${stack.denials.length}`);

await stack.close();
clock.close();
dynamodb.destroy();
sqs.destroy();
rmSync(folder, { recursive: true });
