import {
  createDeployment,
  type DeployedResource,
  type Deployment,
} from '../../aws/cloudformation/deployment.ts';

export const account = '111122223333';
export const arns = {
  role: `arn:aws:iam::${account}:role/collector`,
  bucket: 'arn:aws:s3:::relay',
  queue: `arn:aws:sqs:eu-west-1:${account}:letters`,
  table: `arn:aws:dynamodb:eu-west-1:${account}:table/streams`,
  key: `arn:aws:kms:eu-west-1:${account}:key/1`,
  function: `arn:aws:lambda:eu-west-1:${account}:function:collector`,
  schedule: `arn:aws:scheduler:eu-west-1:${account}:schedule/relay/cis`,
} as const;

/** A relay of one role, bucket, queue, table and key, each encrypted, as resolved; and what a test adds or replaces. */
export function smallDeployment(changes: Readonly<Record<string, ResourceSketch>> = {}): Deployment {
  const sketches: Readonly<Record<string, ResourceSketch>> = {
    Key: { type: 'AWS::KMS::Key', arn: arns.key, physicalId: '1', properties: { KeyPolicy: keyPolicy } },
    Role: { type: 'AWS::IAM::Role', arn: arns.role, physicalId: 'collector', properties: role },
    Bucket: { type: 'AWS::S3::Bucket', arn: arns.bucket, physicalId: 'relay', properties: bucket },
    BucketPolicy: {
      type: 'AWS::S3::BucketPolicy',
      properties: { Bucket: 'relay', PolicyDocument: bucketPolicy },
    },
    Queue: {
      type: 'AWS::SQS::Queue',
      arn: arns.queue,
      physicalId: `https://sqs.eu-west-1.amazonaws.com/${account}/letters`,
      properties: { KmsMasterKeyId: arns.key },
    },
    Table: {
      type: 'AWS::DynamoDB::Table',
      arn: arns.table,
      physicalId: 'streams',
      properties: { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arns.key } },
    },
    Function: { type: 'AWS::Lambda::Function', arn: arns.function, physicalId: 'collector', properties: {} },
    ...changes,
  };
  const resources = Object.entries(sketches).map(([logicalId, sketch]) => resource(logicalId, sketch));
  const stack = {
    stackName: 'relay',
    stackId: 'arn:relay',
    accountId: account,
    region: 'eu-west-1',
    outputs: {},
    leftBehind: [],
  };
  return createDeployment(stack, new Map(resources.map((one) => [one.logicalId, one])));
}

export interface ResourceSketch {
  readonly type: string;
  readonly arn?: string;
  readonly physicalId?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function policy(...statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

export function keyUse(service: string): object {
  return {
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: arns.key,
    Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } },
  };
}

const keyPolicy = policy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: '*',
});

const role = {
  AssumeRolePolicyDocument: policy({
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  }),
  Policies: [
    {
      PolicyName: 'own',
      PolicyDocument: policy(
        { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arns.table },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arns.queue },
        keyUse('s3'),
        keyUse('sqs'),
      ),
    },
  ],
  Tags: [{ Key: 'RelayStream', Value: 'cis' }],
};

const bucket = {
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arns.key } },
    ],
  },
};

const bucketPolicy = policy(
  {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 's3:*',
    Resource: [arns.bucket, `${arns.bucket}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  {
    Sid: 'Collectors',
    Effect: 'Allow',
    Principal: { AWS: arns.role },
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: [arns.bucket, '/journal/$', '{aws:PrincipalTag/RelayStream}/*'].join(''),
  },
);

function resource(logicalId: string, sketch: ResourceSketch): DeployedResource {
  return {
    physicalId: logicalId,
    attributes: {},
    deletionPolicy: 'Delete',
    updateReplacePolicy: 'Delete',
    dependsOn: [],
    logicalId,
    ...sketch,
  };
}
