/** What handlers of CloudFormation ask for and the deployer's policies leave out, and why nothing is missed. */
export interface NotGranted {
  /** All of them where absent. */
  readonly type?: string;
  readonly actions: RegExp;
  readonly why: string;
}

const replicas = 'for global tables, which the table is not';
const noFeature = (what: string) => `for ${what}, which no resource of the templates has`;

export const notGranted: readonly NotGranted[] = [
  {
    type: 'AWS::CloudFormation::Stack',
    actions: /^iam:PassRole$/,
    why: noFeature('a role of the nested stack alone'),
  },
  {
    type: 'AWS::CloudFormation::Stack',
    actions: /^cloudformation:(SetStackPolicy|UpdateTerminationProtection)$/,
    why: noFeature('a policy or a protection of the nested stack'),
  },
  { actions: /^dynamodb:(AssociateTableReplica|CreateTableReplica)$/, why: replicas },
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^dynamodb:(BatchWriteItem|DeleteItem|GetItem|PutItem|Query|Scan|UpdateItem)$/,
    why: `${replicas}; a deployer reads and writes no progress of runs`,
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^(dynamodb:(ImportTable|DescribeImport)|logs:|s3:|iam:CreateServiceLinkedRole$)/,
    why: noFeature('an import or a scaling policy'),
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions:
      /^(kinesis:|dynamodb:(Disable|Enable|Update)KinesisStreamingDestination$|dynamodb:UpdateContributorInsights$|dynamodb:(Put|Delete)ResourcePolicy$)/,
    why: noFeature("a Kinesis stream, insights, or a table's own policy"),
  },
  {
    type: 'AWS::IAM::Role',
    actions: /^iam:(AttachRolePolicy|DetachRolePolicy)$/,
    why: `${noFeature('managed policies')}; with AttachRolePolicy a deployer makes an administrator`,
  },
  {
    type: 'AWS::IAM::Role',
    actions: /^iam:(Put|Delete)RolePermissionsBoundary$/,
    why: noFeature('a permissions boundary'),
  },
  {
    type: 'AWS::KMS::Key',
    actions: /^kms:(DisableKey|EnableKey)$/,
    why: `${noFeature('a disabled key')}; these would reach every key of the account`,
  },
  {
    type: 'AWS::KMS::Key',
    actions: /^kms:ScheduleKeyDeletion$/,
    why: 'for the deletion of a key, which every template retains, also in a rollback; it would reach every key of the account',
  },
  {
    type: 'AWS::Lambda::EventSourceMapping',
    actions: /^kms:/,
    why: noFeature('a filter that is encrypted'),
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^(ec2|elasticfilesystem|s3files):/,
    why: noFeature('a VPC or a file system'),
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^kms:/,
    why: noFeature('a key of its own for its environment'),
  },
  {
    type: 'AWS::Lambda::Function',
    actions:
      /^lambda:(DeleteFunctionCodeSigningConfig|GetCodeSigningConfig|GetLayerVersion|PassCapacityProvider|PublishVersion|PutFunctionCodeSigningConfig|PutFunctionRecursionConfig|PutFunctionScalingConfig|PutRuntimeManagementConfig)$/,
    why: noFeature(
      'code signing, layers, capacity providers, versions, recursion, scaling or a pinned runtime',
    ),
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions:
      /^(logs:(AssociateKmsKey|CreateLogDelivery|DeleteDataProtectionPolicy|DeleteIndexPolicy|DeleteResourcePolicy|DisassociateKmsKey|PutBearerTokenAuthentication|PutDataProtectionPolicy|PutIndexPolicy|PutLogGroupDeletionProtection|PutResourcePolicy)|firehose:TagDeliveryStream)$/,
    why: noFeature("a log group's own key, delivery, policies or protection"),
  },
  { actions: /^s3:REST\.PUT\.OBJECT$/, why: 'is no action of IAM' },
  {
    type: 'AWS::S3::Bucket',
    actions: /^s3:(DeleteObject|PutObjectAcl)$/,
    why: 'for the contents of a bucket: a deploy may neither delete nor open the journal',
  },
  {
    type: 'AWS::S3::Bucket',
    actions:
      /^s3:DeleteBucket(AnalyticsConfiguration|Cors|Encryption|Lifecycle|MetricsConfiguration|Replication)$/,
    why: 'are no actions of IAM: the Put… action of the same name allows the removal',
  },
  { type: 'AWS::S3::Bucket', actions: /^s3tables:/, why: noFeature('metadata tables') },
  {
    type: 'AWS::S3::Bucket',
    actions: /^s3:(Create|Delete|Update)BucketMetadata/,
    why: noFeature('metadata tables'),
  },
  { type: 'AWS::S3::Bucket', actions: /^iam:PassRole$/, why: noFeature('replication') },
  {
    type: 'AWS::S3::Bucket',
    actions:
      /^s3:(DeleteBucketWebsite|Put(Accelerate|Analytics|Inventory|IntelligentTiering|Metrics|Replication|ObjectLock)Configuration|PutBucket(Abac|Acl|CORS|ObjectLockConfiguration|Replication|Versioning|Website))$/,
    why: noFeature('such a configuration'),
  },
  {
    type: 'AWS::SNS::Subscription',
    actions: /^iam:PassRole$/,
    why: noFeature('a subscription of Firehose, with its role'),
  },
  {
    type: 'AWS::SNS::Topic',
    actions: /^(iam:PassRole|sns:PutDataProtectionPolicy)$/,
    why: noFeature('delivery logging or data protection'),
  },
];

/** What the policies allow on `*`, and why nothing narrower works. */
export const unnamed: Readonly<Record<string, string>> = {
  'kms:CreateKey': 'a key has no ARN before it exists',
  'kms:ListAliases': 'knows no resource',
  'lambda:CreateEventSourceMapping':
    'a mapping has no ARN before it exists; its function is named by a condition',
  'logs:DescribeResourcePolicies': 'knows no resource',
  'cloudwatch:DescribeAlarms': 'CloudWatch shows composite alarms only to whoever may describe all',
  'cloudwatch:PutCompositeAlarm': 'CloudWatch takes no narrower permission for composite alarms',
};

/** What no handler of the list asks for, and why it is granted. */
export const unasked: Readonly<Record<string, string>> = {
  'secretsmanager:GetSecretValue': "CloudFormation reads Sumo Logic's token, which is part of its URL",
  'lambda:InvokeFunction': 'CloudFormation invokes the function of Custom::MosaicStream and Custom::Delivery',
  'ssm:GetParameters': "CloudFormation reads the bootstrap's version, which the template's rule compares",
  'kms:GenerateDataKeyWithoutPlaintext':
    'DynamoDB and Firehose use a customer-managed key in the name of whoever makes the resource',
  'kms:ReEncryptFrom': 'as GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptTo': 'as GenerateDataKeyWithoutPlaintext',
};
