import { Aws, CfnResource, Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { copierEnvironment } from '../../functions/object-copier/contract.ts';
import { destinationTag } from '../config/tag-names.ts';
import type { CopierQueues, DestinationProps } from '../destinations/destination-kind.ts';
import { RelayFunction } from './relay-function.ts';

export interface ObjectCopierProps {
  readonly destination: DestinationProps;
  /** The bucket's folder whose objects are copied, with the slash at its end. */
  readonly folder: string;
  /** The sink's environment, by the names of the copier's contract. */
  readonly sink: Readonly<Record<string, string>>;
  /** Statements that the sink's role needs in addition. */
  readonly statements: readonly iam.PolicyStatement[];
}

const timeoutSeconds = 120;
/** An object is held in memory whole. Firehose writes 64 MiB at most by the settings, and more where it has fallen behind. */
const objectCapMiB = 128;
const memoryMb = 1024;

/**
 * Copies every object of a folder to a receiver that Firehose cannot reach: S3 tells a queue, and a function of
 * this destination alone reads the queue. While a receiver is down, messages wait in the queue for up to 14 days.
 *
 * Everything of a copier is kept when its destination leaves the template: what waits in the queue is copied as before.
 */
export class ObjectCopier extends Construct {
  /** Has a name whose beginning is fixed, because a receiver's trust names that. */
  readonly role: iam.Role;
  readonly queues: CopierQueues;

  constructor(scope: Construct, id: string, props: ObjectCopierProps) {
    super(scope, id);
    const {
      bucket,
      key,
      stage,
      stream,
      destination,
      logDays,
      copierCode,
      copierName: name,
    } = props.destination;
    const folders = { streamName: stream.name, destination };
    const { queue, deadLetters, policy } = this.createQueues(props);
    bucket.notify(props.folder, queue, policy);

    const variables = {
      STAGE: stage,
      STREAM_NAME: stream.name,
      DESTINATION: destination,
      BUCKET_NAME: bucket.bucketName,
      DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
      OBJECT_CAP_MIB: String(objectCapMiB),
      ...props.sink,
    };
    check(variables, `the copier of ${stream.name} to ${destination}`);
    const copier = new RelayFunction(this, 'Function', {
      name,
      roleName: name,
      description: `Copies what ${stream.name} delivers to ${destination}`,
      code: copierCode(),
      environment: variables,
      statements: [
        new iam.PolicyStatement({
          actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          resources: [queue.queueArn],
        }),
        new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ...key.use('sqs'),
        new iam.PolicyStatement({
          // Without it S3 calls a missing object forbidden.
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
        }),
        bucket.mayCopy(folders),
        ...key.use('s3', 'read'),
        ...props.statements,
      ],
      memoryMb,
      timeoutSeconds,
      logDays,
      stream: stream.name,
    });
    this.role = copier.role;
    this.queues = { functionName: name, queue, deadLetters };
    Tags.of(copier.role).add(destinationTag, destination);
    bucket.acknowledgeFolders(copier.role, folders);
    const source = new lambda.CfnEventSourceMapping(this, 'Source', {
      eventSourceArn: queue.queueArn,
      functionName: copier.function.functionName,
      batchSize: 10,
      functionResponseTypes: ['ReportBatchItemFailures'],
      // Enough for a busy stream, and not so many that a small account has none left.
      scalingConfig: { maximumConcurrency: 5 },
    });
    source.node.addDependency(bucket.policy);
    this.keepAll();
  }

  /** Keeps every resource, but for those that a failed deploy has just made: nothing waits in their queue yet. */
  private keepAll(): void {
    for (const child of this.node.findAll()) {
      if (CfnResource.isCfnResource(child))
        child.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }
  }

  private createQueues({ destination: { key, bucket, lifecycleRole } }: ObjectCopierProps) {
    const common = {
      retentionPeriod: Duration.days(14),
      encryption: key.key === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      encryptionMasterKey: key.key,
      enforceSSL: true,
    };
    const deadLetters = new sqs.Queue(this, 'DeadLetters', { ...common });
    const queue = new sqs.Queue(this, 'Queue', {
      ...common,
      // @see Lambda developer guide, "Configuring a queue to use with Lambda": six times the function's timeout
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds),
      // A receiver may be down for days; what can never succeed is dead-lettered by the function at once.
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 1000 },
    });
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'BucketTells',
        principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnEquals: { 'aws:SourceArn': bucket.arnByName },
        },
      }),
    );
    // In the queues' policies and not in the role: a kept queue has no place in a later template.
    const lifecycle = new iam.ArnPrincipal(lifecycleRole.roleArn);
    const mayAsk = ['sqs:GetQueueAttributes'];
    for (const [each, actions] of [
      [queue, [...mayAsk, 'sqs:SendMessage']],
      [deadLetters, mayAsk],
    ] as const) {
      each.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'LifecycleWatches',
          principals: [lifecycle],
          actions: [...actions],
          resources: [each.queueArn],
        }),
      );
    }
    const policy = queue.node.findChild('Policy').node.defaultChild as sqs.CfnQueuePolicy;
    return { queue, deadLetters, policy };
  }
}

/**
 * Checks the environment. @throws {Error} at synth, naming each variable that the function would refuse; values
 * that CloudFormation fills in count as right
 */
function check(variables: Readonly<Record<string, string>>, name: string): void {
  const read = copierEnvironment.safeParse({
    ...variables,
    DEAD_LETTER_QUEUE_URL: 'https://sqs.example.com/queue',
  });
  const problems = read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  if (problems.length > 0) throw new Error(`${name} would refuse ${problems.join('; ')}`);
}
