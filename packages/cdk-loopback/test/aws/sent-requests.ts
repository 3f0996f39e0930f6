import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ReceivedRequest } from '../../aws/check-signature.ts';
import type { Credentials } from '../../aws/identities.ts';

export const region = 'us-east-1';

/** One signed request of each SDK client that this repository uses, and several of S3's, as they came off the wire. */
export async function sentRequests(credentials: Credentials): Promise<ReadonlyMap<string, ReceivedRequest>> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers, headersDistinct } = request;
    received.push({ method, path, headers, headersDistinct, body: Buffer.concat(chunks) });
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = { endpoint, region, credentials, maxAttempts: 1 };
  const sent = new Map<string, ReceivedRequest>();
  for (const [name, send] of calls(connection)) {
    await send().catch(() => undefined);
    sent.set(name, received.at(-1)!);
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return sent;
}

interface Connection {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
}

function calls(connection: Connection): readonly (readonly [name: string, send: () => Promise<unknown>])[] {
  const s3 = new S3Client(connection);
  const Key = "journal/a b/type=cis/ü+&!'()*~/x//../000001.json.gz";
  return [
    [
      'S3 PutObject',
      () =>
        s3.send(
          new PutObjectCommand({ Bucket: 'b', Key, Body: Buffer.from('body'), Metadata: { run: 'a   b' } }),
        ),
    ],
    [
      'S3 PutObject of a stream',
      () => {
        const Body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
        return s3.send(new PutObjectCommand({ Bucket: 'b', Key, Body, ContentLength: 7 }));
      },
    ],
    [
      'S3 ListObjectsV2',
      () => s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'a b/+=&ü', Delimiter: '/' })),
    ],
    [
      'DynamoDB',
      () =>
        new DynamoDBClient(connection).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'ü' } } })),
    ],
    [
      'Firehose',
      () => {
        const Records = [{ Data: Buffer.from('{"a":1}\n') }];
        return new FirehoseClient(connection).send(
          new PutRecordBatchCommand({ DeliveryStreamName: 'd', Records }),
        );
      },
    ],
    [
      'Secrets Manager',
      () => new SecretsManagerClient(connection).send(new GetSecretValueCommand({ SecretId: 'mosaic' })),
    ],
    [
      'SQS',
      () => {
        const QueueUrl = `${connection.endpoint}/123456789012/queue`;
        return new SQSClient(connection).send(new SendMessageCommand({ QueueUrl, MessageBody: 'a b' }));
      },
    ],
    [
      'Lambda',
      () => {
        const FunctionName = 'arn:aws:lambda:us-east-1:123456789012:function:collector:live';
        return new LambdaClient(connection).send(
          new InvokeCommand({ FunctionName, Qualifier: '1', Payload: Buffer.from('{}') }),
        );
      },
    ],
    [
      'Scheduler',
      () =>
        new SchedulerClient(connection).send(
          new GetScheduleCommand({ Name: 'cis-collect', GroupName: 'a b' }),
        ),
    ],
    ['STS', () => new STSClient(connection).send(new GetCallerIdentityCommand({}))],
    ['SNS', () => new SNSClient(connection).send(new PublishCommand({ TopicArn: 'a', Message: 'm n' }))],
    ['CloudWatch', () => new CloudWatchClient(connection).send(new DescribeAlarmsCommand({}))],
    [
      'CloudFormation',
      () => new CloudFormationClient(connection).send(new DescribeStacksCommand({ StackName: 'a b' })),
    ],
  ];
}
