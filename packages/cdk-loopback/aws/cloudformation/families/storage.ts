import type { TableProperties } from '../../dynamodb.ts';
import { type ResourceFamily, refuseOthers } from '../resource-family.ts';

/** Buckets, tables and queues. */
export const storage: Readonly<Record<string, ResourceFamily>> = {
  'AWS::DynamoDB::Table': {
    replacedBy: ['TableName', 'KeySchema'],
    create: async ({ properties, generatedName }, { accountId, region, dynamodb }) => {
      const name = text(properties.TableName) ?? generatedName;
      await dynamodb.createTable(name, properties as TableProperties);
      const arn = `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
      return { physicalId: name, arn, attributes: { Arn: arn } };
    },
    remove: async ({ physicalId, logicalId, properties }, { dynamodb }) => {
      if (String(properties.DeletionProtectionEnabled) === 'true')
        throw new Error(`${logicalId}: table ${physicalId} is protected against deletion`);
      await dynamodb.call('DeleteTable', { TableName: physicalId });
    },
  },
  'AWS::S3::Bucket': {
    replacedBy: ['BucketName'],
    create: async (request, { region, s3, notifications }) => {
      refuseOthers(request, knownOfBuckets);
      const name = text(request.properties.BucketName) ?? request.generatedName.toLowerCase();
      s3.createBucket(name);
      await notifications.configure(name, request.properties.NotificationConfiguration);
      const arn = `arn:aws:s3:::${name}`;
      const attributes = {
        Arn: arn,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      };
      return { physicalId: name, arn, attributes };
    },
    update: async (request, { notifications }) => {
      refuseOthers(request, knownOfBuckets);
      const { previous, properties } = request;
      await notifications.configure(previous.physicalId, properties.NotificationConfiguration);
      return previous;
    },
    // Nothing is removed: CloudFormation deletes only empty buckets, and an empty one is in nobody's way here.
  },
  'AWS::SQS::Queue': {
    replacedBy: ['QueueName', 'FifoQueue'],
    create: (request, { sqs }) => {
      const { properties, generatedName } = request;
      refuseOthers(request, [...queueAttributes, ...knownOfQueues]);
      const name = text(properties.QueueName) ?? generatedName;
      const { arn, url } = sqs.createQueue(name, attributesOf(properties));
      return { physicalId: url, arn, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
    },
  },
};

const knownOfBuckets = [
  'AccessControl',
  'BucketEncryption',
  'BucketName',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'NotificationConfiguration',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
  'VersioningConfiguration',
];

/** Attributes that `CreateQueue` takes. The others, {@link knownOfQueues}, only protect or encrypt. */
const queueAttributes = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];
const knownOfQueues = [
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'QueueName',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
  'Tags',
];

function attributesOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = queueAttributes.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const value = properties[name];
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
