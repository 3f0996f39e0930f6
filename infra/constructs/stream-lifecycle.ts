import { Aws, CustomResource, Duration, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { backupFolder } from '../../functions/stored/backup-key.ts';
import { deliveredFolder } from '../../functions/stored/delivered-key.ts';
import { deliveryLogsFolder } from '../../functions/stored/delivery-logs-name.ts';
import { quarantineFolder } from '../../functions/stored/quarantine-key.ts';
import {
  type DeliveryEnds,
  type DeliveryProperties,
  deliveryType,
  type LifecycleEnvironment,
  type MosaicStreamProperties,
  streamType,
  type UndeliveredProperties,
  undeliveredType,
} from '../../functions/stream-lifecycle/contract.ts';
import { lifecycleNameOf } from '../config/names.ts';
import type { Stage } from '../config/settings.ts';
import type { Stream } from '../config/stream-settings.ts';
import { readSecret } from './mosaic-secret.ts';
import type { RelayBucket } from './relay-bucket.ts';
import { RelayFunction } from './relay-function.ts';
import type { StreamTable } from './stream-table.ts';

export interface StreamLifecycleProps {
  readonly stage: Stage;
  readonly code: lambda.Code;
  readonly table: StreamTable;
  /** The stage's bucket, by its name alone: the bucket waits for this function. */
  readonly bucket: Pick<RelayBucket, 'givenName' | 'arnByName'>;
}

/** Longer than every call to Mosaic that one request makes, retries included. */
const timeoutSeconds = 120;

/**
 * The function that CloudFormation asks to open, change and let go of Mosaic's streams, and that looks for orphans and at
 * what is kept of removed destinations.
 */
export class StreamLifecycle extends Construct {
  readonly function: lambda.Function;
  /** Of the function. */
  readonly role: iam.IRole;
  private readonly mosaicUrl: string;
  private readonly secret: string;

  constructor(scope: Construct, id: string, props: StreamLifecycleProps) {
    super(scope, id);
    const { stage, table, bucket } = props;
    this.mosaicUrl = stage.mosaicUrl;
    this.secret = stage.secret;
    const logGroups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${deliveryLogsFolder(stage.name)}*`;
    const environment: LifecycleEnvironment = {
      STAGE: stage.name,
      TABLE_NAME: table.table.tableName,
      MOSAIC_URL: stage.mosaicUrl,
      MOSAIC_HOST: new URL(stage.mosaicUrl).host,
      MOSAIC_API_VERSION: stage.apiVersion,
      ...(stage.resource === undefined ? {} : { MOSAIC_RESOURCE: stage.resource }),
      SECRET_ID: stage.secret,
      BUCKET_NAME: bucket.givenName,
    };
    const made = new RelayFunction(this, 'Function', {
      name: lifecycleNameOf(stage.name),
      description:
        "Opens Mosaic's streams when the stack is deployed, finds runs that nobody will finish, and looks at what is kept",
      code: props.code,
      environment: { ...environment },
      statements: [
        ...readSecret(stage),
        ...table.items(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem']),
        new iam.PolicyStatement({
          actions: ['cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks'],
          resources: [Aws.STACK_ID],
        }),
        new iam.PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [bucket.arnByName],
          conditions: {
            StringLike: { 's3:prefix': [quarantineFolder, `${backupFolder}*`, `${deliveredFolder}*`] },
          },
        }),
        new iam.PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [logGroups] }),
      ],
      memoryMb: 256,
      timeoutSeconds,
      logDays: stage.logDays,
    });
    this.function = made.function;
    this.role = made.role;
    Validations.of(made.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${shownArn(logGroups)}]`,
      reason:
        "Logs of the stage's delivery streams alone: the template no longer names those of removed destinations.",
    });
  }

  /** Mosaic's side of a stream, as a resource of the stack. */
  keep(scope: Construct, stream: Stream): CustomResource {
    const properties: MosaicStreamProperties = {
      StreamName: stream.name,
      StreamId: stream.id,
      StreamType: stream.type,
      Mosaic: this.mosaicUrl,
      Managed: stream.pullUrl === undefined ? 'true' : 'false',
      Enrichment: stream.enrichment ? 'true' : 'false',
      ...(stream.retention === undefined ? {} : { RetentionDays: String(stream.retention) }),
      OnRemoval: stream.onRemoval,
      // Left out otherwise, so that the resource is as an earlier version wrote it.
      ...(stream.adopt ? { Adopt: 'true' } : {}),
      Secret: this.secret,
    };
    return new CustomResource(scope, 'MosaicStream', {
      resourceType: streamType,
      serviceToken: this.function.functionArn,
      // Without it CloudFormation waits an hour for a function that could not answer.
      serviceTimeout: Duration.minutes(15),
      properties: { ...properties },
    });
  }

  /** Refuses changes by which undelivered batches would be left behind or deleted. Such changes wait for the resource. */
  guardUndelivered(
    scope: Construct,
    { stage, streams }: { readonly stage: Stage; readonly streams: readonly Stream[] },
  ): CustomResource {
    const properties: UndeliveredProperties = {
      Streams: streams.map(({ name }) => name),
      Deliveries: streams.flatMap(({ name, destinations }) =>
        destinations.map((destination) => `${name}/${destination.name}`),
      ),
      JournalDays: String(stage.journalDays),
      QuarantineDays: String(stage.quarantineDays),
      ...(stage.leaveUndelivered === true ? { Leave: 'true' } : {}),
    };
    return new CustomResource(scope, 'Undelivered', {
      resourceType: undeliveredType,
      serviceToken: this.function.functionArn,
      serviceTimeout: Duration.minutes(15),
      properties: { ...properties },
    });
  }

  /** The ends of the names of a destination's resources, as attributes of a resource of the stack. */
  nameDelivery(
    scope: Construct,
    properties: DeliveryProperties,
  ): { readonly resource: CustomResource; readonly ends: DeliveryEnds } {
    const delivery = new CustomResource(scope, 'Delivery', {
      resourceType: deliveryType,
      serviceToken: this.function.functionArn,
      serviceTimeout: Duration.minutes(15),
      properties: { ...properties },
    });
    const ends = {
      DeliveryStream: delivery.getAttString('DeliveryStream'),
      Logs: delivery.getAttString('Logs'),
      Copier: delivery.getAttString('Copier'),
    };
    return { resource: delivery, ends };
  }
}

/** An ARN as the rule pack words it. */
function shownArn(arn: string): string {
  return arn
    .replace(Aws.PARTITION, '<AWS::Partition>')
    .replace(Aws.REGION, '<AWS::Region>')
    .replace(Aws.ACCOUNT_ID, '<AWS::AccountId>');
}
