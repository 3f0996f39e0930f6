import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { RelayKey } from './relay-key.ts';

export interface RelayBucketProps {
  readonly key: RelayKey;
  readonly keepData: boolean;
  readonly journalDays: number;
  readonly quarantineDays: number;
  readonly logDays: number;
}

/** Tags of a role, which say whose folders it may reach. */
export const streamTag = 'RelayStream';
export const destinationTag = 'RelayDestination';

/**
 * The one bucket of a stage: `journal/`, `quarantine/` and `probe/` of the collectors, `delivered/` and `backup/` of
 * the delivery streams.
 *
 * Not versioned: no object is ever overwritten with other bytes, nobody here may delete, and a person's data must
 * be gone when it is erased or has expired.
 */
export class RelayBucket extends Construct {
  readonly bucket: s3.Bucket;
  private readonly collectors: iam.PolicyStatement;
  private readonly deliverers: iam.PolicyStatement;

  constructor(scope: Construct, id: string, props: RelayBucketProps) {
    super(scope, id);
    const removalPolicy = props.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const accessLogs = new s3.Bucket(this, 'AccessLogs', {
      // Log delivery cannot write under a customer-managed key. @see S3 user guide, "Enabling access logging"
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(props.logDays) }],
      removalPolicy,
    });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: props.key.key === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      encryptionKey: props.key.key,
      // One data key for many objects, else every PUT is a call to KMS.
      bucketKeyEnabled: props.key.key !== undefined,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'bucket/',
      lifecycleRules: lifecycleRules(props),
      removalPolicy,
    });
    const own = `\${aws:PrincipalTag/${streamTag}}`;
    this.collectors = new iam.PolicyStatement({
      sid: 'Collectors',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: ['journal', 'quarantine'].map((folder) => this.bucket.arnForObjects(`${folder}/${own}/*`)),
    });
    this.deliverers = new iam.PolicyStatement({
      sid: 'DeliveryStreams',
      actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
      resources: ['delivered', 'backup'].map((folder) =>
        this.bucket.arnForObjects(`${folder}/${own}/\${aws:PrincipalTag/${destinationTag}}/*`),
      ),
    });
  }

  /**
   * Lets a role that carries `streamTag` read and write its stream's journal and quarantine.
   *
   * Objects are granted here and not in the role because IAM cannot name a folder without a wildcard, which the
   * rule pack refuses in a role (AwsSolutions-IAM5) and does not look for in a bucket policy. The privilege is the
   * same in both places. One statement serves every role, so that 50 streams stay within a policy's 20 KB.
   */
  allowCollector(role: iam.IRole): void {
    this.allow(this.collectors, role);
  }

  /** Lets a role that carries both tags write its destination's data and errors. */
  allowDelivery(role: iam.IRole): void {
    this.allow(this.deliverers, role);
  }

  /** What must exist before anyone writes. */
  get policy(): s3.BucketPolicy {
    return this.bucket.policy as s3.BucketPolicy;
  }

  private allow(statement: iam.PolicyStatement, role: iam.IRole): void {
    if (!statement.hasPrincipal) this.bucket.addToResourcePolicy(statement);
    statement.addArnPrincipal(role.roleArn);
  }
}

function lifecycleRules(props: RelayBucketProps): s3.LifecycleRule[] {
  return [
    { id: 'journal', prefix: 'journal/', expiration: Duration.days(props.journalDays) },
    { id: 'quarantine', prefix: 'quarantine/', expiration: Duration.days(props.quarantineDays) },
    { id: 'backup', prefix: 'backup/', expiration: Duration.days(props.quarantineDays) },
    { id: 'probe', prefix: 'probe/', expiration: Duration.days(1) },
    { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
  ];
}
