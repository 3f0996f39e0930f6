import { Aws, Duration, RemovalPolicy, Stack, Tags, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import type { WitnessOf } from '../../functions/collector/contract.ts';
import { backupDestinationFolder, backupPrefix } from '../../functions/stored/backup-key.ts';
import { deliveredDestinationFolder } from '../../functions/stored/delivered-key.ts';
import { journalFolder, journalPrefix } from '../../functions/stored/journal-key.ts';
import { viewsFolder, viewsPrefix } from '../../functions/stored/kept-view.ts';
import { quarantineFolder, quarantinePrefix } from '../../functions/stored/quarantine-key.ts';
import { recoveryRuns } from '../../functions/stored/recovery-run.ts';
import { streamTag } from '../config/tag-names.ts';
import { lifecycleRules } from './bucket-rules.ts';
import type { RelayKey } from './relay-key.ts';

export interface RelayBucketProps {
  /** Known before the bucket exists, so that policies of what it notifies can name it without a cycle. */
  readonly name: string;
  readonly key: RelayKey;
  readonly keepData: boolean;
  readonly journalDays: number;
  readonly quarantineDays: number;
  readonly logDays: number;
  /** True if the stage has views, which collectors keep in the bucket. */
  readonly keepsViews: boolean;
}

/** The tag of a witness's role. */
const primaryTag = 'RelayPrimary';

/**
 * The one bucket of a stage: `journal/` and `quarantine/` of the collectors, `delivered/` and `backup/` of the delivery
 * streams.
 *
 * Not versioned: no object is ever overwritten with other bytes, nobody here may delete, and a person's data must
 * be gone when it is erased or has expired.
 */
export class RelayBucket extends Construct {
  readonly bucketName: string;
  /** The name without a reference to the bucket. */
  readonly givenName: string;
  readonly bucketArn: string;
  /** The same ARN without a reference to the bucket. */
  readonly arnByName: string;
  private readonly bucket: s3.Bucket;
  private readonly grants: Grants;
  private readonly notifications: s3.CfnBucket.QueueConfigurationProperty[] = [];

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
      bucketName: props.name,
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
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
    this.givenName = props.name;
    this.arnByName = `arn:${Aws.PARTITION}:s3:::${props.name}`;
    props.key.allowBucketToTell(this.arnByName);
    this.grants = grantsOn(this.bucket, props);
  }

  /**
   * Lets a role that carries `streamTag` write its stream's journal and quarantine, and read the journal and the backups. The
   * probe of a cautious run is written in the journal, so that the same statement allows or refuses both.
   */
  allowCollector(role: iam.IRole): void {
    this.allow(this.grants.collectors, role);
    this.allow(this.grants.sweeps, role);
  }

  /**
   * The statement by which a delivery stream's role writes what its destination did not take, and its data too where
   * they are delivered to this bucket.
   *
   * The grant stands in the role and not in the bucket's policy: the role is kept with its delivery stream when both leave the
   * template, and must then write as before, while the policy names the roles of the template alone.
   */
  mayDeliver({ ofData, ...destination }: DeliveryFolders): iam.PolicyStatement {
    const folders = [
      backupDestinationFolder(destination),
      ...(ofData ? [deliveredDestinationFolder(destination)] : []),
    ];
    return new iam.PolicyStatement({
      actions: writing,
      resources: folders.map((folder) => this.bucket.arnForObjects(`${folder}*`)),
    });
  }

  /** Says to the rule pack why a role of a delivery stream or copier names its own folders with a wildcard at their end. */
  acknowledgeFolders(role: iam.Role, destination: Omit<DeliveryFolders, 'ofData'>): void {
    const bucket = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as s3.CfnBucket);
    for (const folder of [backupDestinationFolder(destination), deliveredDestinationFolder(destination)]) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/${folder}*]`,
        reason:
          'A folder of the role alone; a bucket policy would forget the role when it leaves the template.',
      });
    }
  }

  /**
   * The statement by which a copier's role reads its destination's data, and marks what it has copied. The grant stands in the role for the reason
   * that `mayDeliver` gives.
   */
  mayCopy(destination: Omit<DeliveryFolders, 'ofData'>): iam.PolicyStatement {
    const folder = deliveredDestinationFolder(destination);
    return new iam.PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObjectTagging'],
      resources: [this.bucket.arnForObjects(`${folder}*`)],
    });
  }

  /** Lets a witness's role read its primary's journal and, if it may recover, write what it adds to that. */
  allowWitness(role: iam.IRole, { name, mode }: WitnessOf): void {
    Tags.of(role).add(primaryTag, name);
    this.allow(this.grants.witnesses, role);
    if (mode === 'recover') this.allow(this.grants.recoveries, role);
  }

  /** Lets a role read every stream's journal and quarantine. */
  allowReader(role: iam.IRole): void {
    this.allow(this.grants.readers, role);
  }

  /** The policy that must exist before anyone writes to the bucket. */
  get policy(): s3.BucketPolicy {
    return this.bucket.policy as s3.BucketPolicy;
  }

  /** Changes nothing of the bucket, its rules among it, before that resource has agreed. */
  waitFor(resource: IDependable): void {
    this.bucket.node.addDependency(resource);
  }

  /** Deletes the objects of a folder after so many days. */
  expire(folder: string, days: number): void {
    this.bucket.addLifecycleRule({ id: folder, prefix: folder, expiration: Duration.days(days) });
  }

  /**
   * Tells a queue of every object that is written to a folder, for as long as the settings have the destination. Later
   * objects of a destination that is kept are told by the stream lifecycle.
   *
   * Written to the resource itself: `addEventNotification` would bring a function and a managed policy of CDK's.
   * @param policy what lets S3 send to the queue; S3 tries it when the bucket is created
   */
  notify(folder: string, queue: sqs.IQueue, policy: sqs.CfnQueuePolicy): void {
    const bucket = this.bucket.node.defaultChild as s3.CfnBucket;
    this.notifications.push({
      event: 's3:ObjectCreated:*',
      queue: queue.queueArn,
      filter: { s3Key: { rules: [{ name: 'prefix', value: folder }] } },
    });
    bucket.notificationConfiguration = { queueConfigurations: this.notifications };
    bucket.addResourceDependency(policy);
  }

  private allow(statement: iam.PolicyStatement, role: iam.IRole): void {
    if (!statement.hasPrincipal) this.bucket.addToResourcePolicy(statement);
    statement.addArnPrincipal(role.roleArn);
  }
}

export interface DeliveryFolders {
  readonly streamName: string;
  readonly destination: string;
  readonly ofData: boolean;
}

interface Grants {
  readonly collectors: iam.PolicyStatement;
  readonly sweeps: iam.PolicyStatement;
  readonly readers: iam.PolicyStatement;
  readonly witnesses: iam.PolicyStatement;
  readonly recoveries: iam.PolicyStatement;
}

/**
 * Objects of collectors and readers are granted in the bucket's policy and not in the roles because IAM cannot name a
 * folder without a wildcard, which the rule pack refuses in a role (AwsSolutions-IAM5) and does not look for here. The
 * privilege is the same in both places. Delivery streams and copiers outlive the template: see `mayDeliver`. One
 * statement serves every role of its sort: a policy holds 20 KB, and 500 resources, which is as many as a stack may
 * have, then stay below that.
 */
function grantsOn(bucket: s3.Bucket, { keepsViews }: Pick<RelayBucketProps, 'keepsViews'>): Grants {
  const stream = `\${aws:PrincipalTag/${streamTag}}`;
  const primary = `\${aws:PrincipalTag/${primaryTag}}`;
  const statement = (sid: string, actions: string[], folders: string[]) =>
    new iam.PolicyStatement({
      sid,
      actions,
      resources: folders.map((folder) => bucket.arnForObjects(`${folder}*`)),
    });
  return {
    collectors: statement(
      'Collectors',
      ['s3:PutObject'],
      [journalPrefix(stream), quarantinePrefix(stream), ...(keepsViews ? [viewsPrefix(stream)] : [])],
    ),
    // Of backups a sweep counts the events.
    sweeps: statement('Sweeps', ['s3:GetObject'], [journalPrefix(stream), backupPrefix(stream)]),
    readers: statement(
      'JournalReaders',
      ['s3:GetObject'],
      [journalFolder, quarantineFolder, ...(keepsViews ? [viewsFolder] : [])],
    ),
    witnesses: statement('Witnesses', ['s3:GetObject'], [journalPrefix(primary)]),
    // Below any day. Its runs are named so, and the primary's never are: it can write over nothing that was collected.
    recoveries: statement('Recoveries', ['s3:PutObject'], [`${journalPrefix(primary)}*/${recoveryRuns}`]),
  };
}

/** Firehose sends large objects in parts, and takes back what it could not finish. */
const writing = ['s3:AbortMultipartUpload', 's3:PutObject'];
