import type { Hosts } from '../../assembly/origins.ts';
import type { Template } from '../../assembly/template.ts';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { DynamoDbStandIn } from '../dynamodb.ts';
import type { FirehoseStandIn } from '../firehose/firehose.ts';
import type { EventSources } from '../lambda/event-sources.ts';
import type { LambdaHost } from '../lambda/host.ts';
import type { S3StandIn } from '../s3.ts';
import type { S3Notifications } from '../s3-notifications.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SecretsManagerStandIn } from '../secrets-manager.ts';
import type { SqsStandIn } from '../sqs.ts';
import type { DeployedResource, Deployment } from './deployment.ts';
import type { ResponseEndpoint } from './response-endpoint.ts';

/** How the resources of one or several types are made, changed and removed. */
export interface ResourceFamily {
  /** Properties whose change means a new resource in the old one's place. */
  readonly replacedBy?: readonly string[];
  create(request: ResourceRequest, account: Account): Created | Promise<Created>;
  /** Absent where recording the new properties is all there is to do. Another physical id means a replacement. */
  update?(request: UpdateRequest, account: Account): Created | Promise<Created>;
  /** Absent where there is nothing to undo. */
  remove?(resource: DeployedResource, account: Account, request: RemovalRequest): void | Promise<void>;
}

export interface ResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  readonly stackName: string;
  readonly stackId: string;
  /** Unique in the account, for a resource that the template does not name; another one after a replacement. */
  readonly generatedName: string;
  /** The folder or file that the CDK would have uploaded under this key. */
  readonly assetPath: (objectKey: string) => string;
  readonly deployNested: (
    stack: { readonly stackName: string; readonly template: Template },
    parameters: Properties,
    previous: Deployment | undefined,
  ) => Promise<Deployment>;
}

export interface UpdateRequest extends ResourceRequest {
  readonly previous: DeployedResource;
}

export interface RemovalRequest {
  readonly stackId: string;
}

export interface Created {
  readonly physicalId: string;
  readonly arn?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly nested?: Deployment;
  /** Why it failed; what there is of it by now is removed in the rollback. */
  readonly failure?: string;
}

export type Properties = Readonly<Record<string, unknown>>;

/** Everything that a deployment acts upon. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
  readonly clock: VirtualClock;
  readonly hosts: Hosts;
  /** Where code of functions is put. */
  readonly codeDir: string;
  readonly lambda: LambdaHost;
  readonly scheduler: Scheduler;
  readonly dynamodb: Pick<DynamoDbStandIn, 'createTable' | 'call'>;
  readonly s3: Pick<S3StandIn, 'createBucket' | 'tagsOf'>;
  readonly notifications: Pick<S3Notifications, 'configure'>;
  readonly sqs: Pick<SqsStandIn, 'createQueue' | 'depth'>;
  readonly eventSources: Pick<EventSources, 'put' | 'remove' | 'mappings'>;
  readonly firehose: Pick<
    FirehoseStandIn,
    'createDeliveryStream' | 'updateDeliveryStream' | 'tagDeliveryStream' | 'deleteDeliveryStream'
  >;
  readonly secrets: Pick<SecretsManagerStandIn, 'read'>;
  readonly responses: ResponseEndpoint;
  /** Names that templates gave to what exists, also to resources that left their stack and were retained. */
  readonly takenNames: Set<string>;
  /** Told what the stack consists of, each time that a resource has come or gone; of nested stacks when they end. */
  readonly onChange?: (deployment: Deployment) => void;
  /** Asked when every resource of a stack exists. A throw fails the deployment, which is rolled back. */
  readonly verify?: () => void;
}

/** Reads a property that must be a string. @throws naming it */
export function textProperty({ logicalId, properties }: ResourceRequest, name: string): string {
  const value = properties[name];
  if (typeof value !== 'string')
    throw new Error(`${logicalId}.${name} must be a text, not ${JSON.stringify(value)}`);
  return value;
}

/** @throws naming each property that is not among `known` */
export function refuseOthers(
  { logicalId, type, properties }: ResourceRequest,
  known: readonly string[],
): void {
  const others = Object.keys(properties).filter((name) => !known.includes(name));
  if (others.length > 0) throw new Error(`${logicalId} (${type}): nothing here knows ${others.join(', ')}`);
}
