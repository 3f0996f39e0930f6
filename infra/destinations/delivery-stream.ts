import { Aws, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { destinationTag, stackTag, streamTag } from '../config/tag-names.ts';
import type { DeliveryStream, DestinationProps } from './destination-kind.ts';

export interface DeliveryPermissions {
  readonly statements: readonly iam.PolicyStatement[];
  /** Whether the data go to the relay's bucket, where otherwise only those go that were refused. */
  readonly ownBucket: boolean;
}

/** What Firehose acts with: a role and a place for its error log. */
export interface DeliveryMeans {
  readonly role: iam.Role;
  readonly logging: firehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
  readonly arn: string;
}

/**
 * The role and log of a delivery stream. The role may write the destination's own folders of the relay's bucket, and
 * has what `statements` add.
 *
 * Both are kept with the delivery stream, which could deliver nothing without the role, and say nothing without the log.
 */
export function deliveryMeans(
  scope: Construct,
  props: DestinationProps,
  { statements, ownBucket }: DeliveryPermissions,
): DeliveryMeans {
  const arn = Stack.of(scope).formatArn({
    service: 'firehose',
    resource: 'deliverystream',
    resourceName: props.deliveryStreamName,
  });
  const folders = { streamName: props.stream.name, destination: props.destination };
  const logGroup = new logs.LogGroup(scope, 'Logs', {
    logGroupName: props.logGroupName,
    retention: props.logDays,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const logStream = new logs.LogStream(scope, 'LogStream', {
    logGroup,
    logStreamName: 'delivery',
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': arn } },
    }),
    inlinePolicies: {
      own: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
            resources: [props.bucket.bucketArn],
          }),
          props.bucket.mayDeliver({ ...folders, ofData: ownBucket }),
          ...props.key.use('s3'),
          new iam.PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
          ...statements,
        ],
      }),
    },
  });
  Tags.of(role).add(streamTag, props.stream.name);
  Tags.of(role).add(destinationTag, props.destination);
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  props.bucket.acknowledgeFolders(role, folders);
  return {
    role,
    arn,
    logging: {
      enabled: true,
      logGroupName: logGroup.logGroupName,
      logStreamName: logStream.logStreamName,
    },
  };
}

/**
 * The delivery stream, encrypted, and kept when it leaves the template or is replaced: deleting one deletes what it
 * has accepted and not yet delivered.
 */
export function deliveryStream(
  scope: Construct,
  props: DestinationProps,
  destination: DestinationConfiguration & { readonly means: DeliveryMeans },
): DeliveryStream {
  const { means, ...configuration } = destination;
  const { key } = props.key;
  const stream = new firehose.CfnDeliveryStream(scope, 'Stream', {
    deliveryStreamName: props.deliveryStreamName,
    deliveryStreamType: 'DirectPut',
    deliveryStreamEncryptionConfigurationInput:
      key === undefined
        ? { keyType: 'AWS_OWNED_CMK' }
        : { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn },
    extendedS3DestinationConfiguration: configuration.extendedS3DestinationConfiguration,
    splunkDestinationConfiguration: configuration.splunkDestinationConfiguration,
    httpEndpointDestinationConfiguration: configuration.httpEndpointDestinationConfiguration,
    amazonopensearchserviceDestinationConfiguration:
      configuration.amazonopensearchserviceDestinationConfiguration,
    amazonOpenSearchServerlessDestinationConfiguration:
      configuration.amazonOpenSearchServerlessDestinationConfiguration,
  });
  // By these a kept delivery stream is found: the names of the stage `dev` begin as those of `dev-eu`.
  Tags.of(stream).add(stackTag, Stack.of(scope).stackName);
  Tags.of(stream).add(streamTag, props.stream.name);
  Tags.of(stream).add(destinationTag, props.destination);
  stream.applyRemovalPolicy(RemovalPolicy.RETAIN);
  stream.node.addDependency(props.bucket.policy);
  return { name: stream.ref, arn: means.arn, logicalId: stream.logicalId, ...watched(configuration) };
}

/** @see Firehose developer guide, "Monitor Amazon Data Firehose with CloudWatch metrics" */
function watched(configuration: DestinationConfiguration): Pick<DeliveryStream, 'metrics' | 'backsUp'> {
  const {
    splunkDestinationConfiguration: splunk,
    httpEndpointDestinationConfiguration: http,
    amazonopensearchserviceDestinationConfiguration: domain,
    amazonOpenSearchServerlessDestinationConfiguration: collection,
  } = configuration;
  // Also with a copy of everything, Firehose writes what it gives up into a folder of its own.
  const backsUp = true;
  if (splunk !== undefined) return { metrics: 'DeliveryToSplunk', backsUp };
  if (http !== undefined) return { metrics: 'DeliveryToHttpEndpoint', backsUp };
  if (domain !== undefined) return { metrics: 'DeliveryToAmazonOpenSearchService', backsUp };
  if (collection !== undefined) return { metrics: 'DeliveryToAmazonOpenSearchServerless', backsUp };
  return { metrics: 'DeliveryToS3', backsUp: false };
}

/** The one property that says what Firehose delivers to. */
export type DestinationConfiguration = Pick<
  firehose.CfnDeliveryStreamProps,
  | 'extendedS3DestinationConfiguration'
  | 'splunkDestinationConfiguration'
  | 'httpEndpointDestinationConfiguration'
  | 'amazonopensearchserviceDestinationConfiguration'
  | 'amazonOpenSearchServerlessDestinationConfiguration'
>;
