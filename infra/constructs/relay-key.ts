import { Aws, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { stackTag } from '../config/tag-names.ts';

export interface RelayKeyProps {
  readonly encryption: 'customer-managed' | 'aws-owned';
}

/** The one key of a stage, or none where the settings leave encryption to keys that AWS owns. */
export class RelayKey extends Construct {
  readonly key: kms.Key | undefined;

  constructor(scope: Construct, id: string, props: RelayKeyProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // Also without a key: the roles then read what an earlier template encrypted.
    Tags.of(stack).add(stackTag, stack.stackName, { includeResourceTypes: ['AWS::IAM::Role'] });
    if (props.encryption === 'aws-owned') return;
    this.key = new kms.Key(this, 'Key', {
      description: 'Mosaic events at rest: bucket, table, queues and delivery streams',
      enableKeyRotation: true,
      // Journal, queues and delivery streams may hold what was encrypted with it, whatever the next template says.
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new iam.PolicyDocument({
        statements: [accountMayAdminister(), accountMayAllowUse(), rolesOfStackMayUse(stack.stackName)],
      }),
    });
  }

  /**
   * The statements that a role needs to use the key through one service alone; none where AWS owns the keys.
   *
   * `write` includes reading: S3 decrypts the parts of an upload, and SQS the data key that it keeps for its
   * queue. A table is used with `read`, for writing too: its one table key was made with the table and is only
   * decrypted in the name of the caller.
   * @see DynamoDB developer guide, "How DynamoDB encryption at rest works"; its list of what a key policy must
   * allow, with Encrypt, ReEncrypt, GenerateDataKey, DescribeKey and CreateGrant, is for the creator of a table
   */
  use(service: 's3' | 'sqs' | 'dynamodb', how: 'read' | 'write' = 'write'): iam.PolicyStatement[] {
    if (this.key === undefined) return [];
    return [
      new iam.PolicyStatement({
        actions: how === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } },
      }),
    ];
  }

  /**
   * Lets S3 tell encrypted queues of the bucket's objects. The grant does not wait for a copier: a queue that is kept
   * when its destination leaves the template is told as before, and so is every queue while a deploy or its rollback is
   * under way.
   * @see SQS developer guide, "Configure KMS permissions for AWS services"
   */
  allowBucketToTell(bucketArn: string): void {
    this.key?.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'BucketTellsQueues',
        principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnEquals: { 'aws:SourceArn': bucketArn },
        },
      }),
    );
  }
}

/**
 * Lets the account's administrators manage the key, since a key whose policy names no principal can never be
 * changed again. The actions are written out, where the usual default is `kms:*`.
 */
function accountMayAdminister(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Administer',
    principals: [new iam.AccountRootPrincipal()],
    actions: [
      'kms:CancelKeyDeletion',
      'kms:DescribeKey',
      'kms:DisableKey',
      'kms:DisableKeyRotation',
      'kms:EnableKey',
      'kms:EnableKeyRotation',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListGrants',
      'kms:ListKeyPolicies',
      'kms:ListResourceTags',
      'kms:ListRetirableGrants',
      'kms:PutKeyPolicy',
      'kms:RevokeGrant',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateKeyDescription',
    ],
    resources: ['*'],
  });
}

/**
 * Lets the roles of the stack use the key by their tag, through the services that hold its data. A key that has left
 * the template keeps this policy, so that no change of settings makes what is stored unreadable; and a delivery stream
 * that is kept from an earlier template can write under a key that came later.
 */
function rolesOfStackMayUse(stackName: string): iam.PolicyStatement {
  const via = ['s3', 'sqs', 'dynamodb'].map((service) => `${service}.${Aws.REGION}.amazonaws.com`);
  return new iam.PolicyStatement({
    sid: 'RolesOfTheStack',
    principals: [new iam.AnyPrincipal()],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: {
      StringEquals: {
        'kms:CallerAccount': Aws.ACCOUNT_ID,
        [`aws:PrincipalTag/${stackTag}`]: stackName,
        'kms:ViaService': via,
      },
    },
  });
}

/** Lets identity policies of the account grant use: each role here names its own actions and the service. */
function accountMayAllowUse(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'UseByIdentityPolicies',
    principals: [new iam.AccountRootPrincipal()],
    actions: [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: ['*'],
  });
}
