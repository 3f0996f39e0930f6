import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Hosts, hostOf } from '../assembly/origins.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { AwsCall } from './aws-call.ts';
import { createDeployment, type Deployment } from './cloudformation/deployment.ts';
import type { Account } from './cloudformation/resource-family.ts';
import { createResponseEndpoint } from './cloudformation/response-endpoint.ts';
import { createCloudFormationApi } from './control-plane/cloudformation-api.ts';
import { type CloudWatchStandIn, createCloudWatch } from './control-plane/cloudwatch.ts';
import { leftResources } from './control-plane/delete-left.ts';
import { createIamApi } from './control-plane/iam-api.ts';
import { createLambdaApi } from './control-plane/lambda-api.ts';
import { createLogStore } from './control-plane/log-store.ts';
import { createLogs } from './control-plane/logs.ts';
import { createSchedulerApi } from './control-plane/scheduler-api.ts';
import { servicesMonitoring } from './control-plane/services-monitoring.ts';
import { createSns, type SnsStandIn } from './control-plane/sns.ts';
import { createSts } from './control-plane/sts.ts';
import { type DynamoDbStandIn, startDynamoDb } from './dynamodb.ts';
import { startLoopbackFauxqs } from './fauxqs.ts';
import { createFirehose, type FirehoseOptions, type FirehoseStandIn } from './firehose/firehose.ts';
import { type Authorization, type Gateway, type GatewayOptions, startGateway } from './gateway.ts';
import { createIdentities, type Identities } from './identities.ts';
import { createKms, type KmsStandIn } from './kms.ts';
import { createEventSources, type EventSources } from './lambda/event-sources.ts';
import { createLambdaHost, type LambdaHostOptions } from './lambda/host.ts';
import { createEventSender } from './lambda/send-event.ts';
import { createPermissions, type Permissions } from './permissions.ts';
import { createS3 } from './s3.ts';
import { createS3Notifications } from './s3-notifications.ts';
import { createScheduler, type SchedulerOptions } from './scheduler.ts';
import { createSecretsManager, type SecretsManagerStandIn } from './secrets-manager.ts';
import { createSqs, type SqsStandIn } from './sqs.ts';

/** An AWS account on this machine: every service that is known here, empty. */
export interface LocalAccount extends Account {
  readonly gateway: Gateway;
  readonly identities: Identities;
  readonly permissions: Permissions;
  readonly dynamodb: DynamoDbStandIn;
  readonly firehose: FirehoseStandIn;
  readonly secrets: SecretsManagerStandIn;
  readonly kms: KmsStandIn;
  readonly sqs: SqsStandIn;
  readonly eventSources: EventSources;
  readonly sns: SnsStandIn;
  readonly cloudWatch: CloudWatchStandIn;
  /** Ends every process and server, and forgets everything but the files in `workDir`. */
  close(): Promise<void>;
}

export interface LocalAccountOptions {
  readonly accountId: string;
  readonly region: string;
  readonly clock: VirtualClock;
  readonly hosts: Hosts;
  /** A folder of its own: code and scripts of functions, and the objects in S3. */
  readonly workDir: string;
  readonly seed?: string | number;
  /** Asked of each call that the policies of what is deployed allow. */
  readonly authorize?: (call: AwsCall, identities: Identities) => Authorization;
  readonly gateway?: Pick<GatewayOptions, 'observe' | 'interfere'>;
  readonly lambda?: Pick<
    LambdaHostOptions,
    'onLog' | 'onInvocation' | 'beforeInvoke' | 'freeze' | 'skipSleeps'
  >;
  readonly scheduler?: Pick<SchedulerOptions, 'onTick' | 'interfere'>;
  readonly firehose?: Pick<FirehoseOptions, 'quota' | 'faults' | 'onAccepted'>;
}

export async function startLocalAccount(options: LocalAccountOptions): Promise<LocalAccount> {
  const { accountId, region, clock, hosts, workDir } = options;
  const closers: (() => unknown)[] = [];
  const closing = <T>(thing: T, close: () => unknown): T => {
    closers.unshift(close);
    return thing;
  };
  const close = async () => {
    for (const closer of closers.splice(0)) await closer();
  };
  try {
    mkdirSync(join(workDir, 's3'), { recursive: true });
    const identities = createIdentities();
    const s3Service = { kind: 'service', name: 's3.amazonaws.com', sourceAccount: accountId } as const;
    const empty = { stackName: '', stackId: '', accountId, region, outputs: {}, leftBehind: [] };
    let deployment: Deployment = createDeployment(empty, new Map());
    let account: LocalAccount;
    const permissions = createPermissions({ accountId, identities, deployment: () => deployment });
    const left = leftResources(
      () => deployment,
      () => account,
    );
    const authorize = (call: AwsCall): Authorization => {
      const allowed = permissions.authorize(call);
      return allowed.allowed && options.authorize ? options.authorize(call, identities) : allowed;
    };
    const [dynamodb, fauxqs] = await Promise.all([startDynamoDb(), startLoopbackFauxqs(join(workDir, 's3'))]);
    closers.push(
      () => dynamodb.close(),
      () => fauxqs.stop(),
    );
    const s3 = createS3(fauxqs, () => clock.now());
    closing(s3, () => s3.close());
    const secrets = createSecretsManager({ accountId, region, now: () => clock.now() });
    const gateway = await startGateway({
      accountId,
      region,
      signerOf: identities.signerOf,
      standIns: [dynamodb, s3, secrets],
      authorize,
      hold: clock.hold,
      ...options.gateway,
    });
    closing(gateway, () => gateway.close());
    const gatewayUrl = gateway.url;
    const sqs = createSqs(fauxqs, { accountId, region, clock, left, gatewayUrl: () => gatewayUrl });
    closing(sqs, () => sqs.close());
    const firehose = createFirehose({
      clock,
      region,
      gatewayUrl: () => gatewayUrl,
      credentialsOf: (roleArn, sourceArn) =>
        permissions.assume(roleArn, { name: 'firehose.amazonaws.com', sourceArn }),
      seed: options.seed ?? 0,
      left,
      hostOf: (origin) => hostOf(origin, hosts, 'a delivery stream'),
      ...options.firehose,
    });
    closing(firehose, () => firehose.close());
    gateway.register(sqs);
    gateway.register(firehose);
    const notifications = createS3Notifications({
      s3,
      clock,
      accountId,
      region,
      gatewayUrl,
      credentialsFor: (bucketArn) => identities.issueTo({ ...s3Service, sourceArn: bucketArn }),
    });
    closing(notifications, () => notifications.close());
    const sender = createEventSender({
      gatewayUrl,
      region,
      issueCredentials: (roleArn) => identities.issue(roleArn),
    });
    const lines = createLogStore(() => clock.now());
    const lambda = createLambdaHost({
      clock,
      region,
      gatewayUrl,
      workDir,
      issueCredentials: ({ arn, roleArn, logGroup }, logStream) => {
        const service = { name: 'lambda.amazonaws.com', sourceArn: arn };
        const credentials = permissions.assume(roleArn, service, () => clock.now());
        const resource = `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:${logStream}`;
        for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
          permissions.require(roleArn, { action, resource });
        return credentials;
      },
      sendTo: sender.send,
      ...options.lambda,
      onLog: (functionName, line, place) => {
        lines.put(place, line);
        options.lambda?.onLog?.(functionName, line, place);
      },
    });
    closing(lambda, () => lambda.close());
    const eventSources = createEventSources({
      clock,
      accountId,
      region,
      gatewayUrl,
      sqs,
      lambda,
      assume: ({ arn, roleArn }) =>
        permissions.assume(roleArn, { name: 'lambda.amazonaws.com', sourceArn: arn }),
    });
    closing(eventSources, () => eventSources.close());
    const scheduler = createScheduler({
      clock,
      accountId,
      region,
      sendTo: sender.send,
      invoke: async (tick) => {
        const { roleArn, targetArn, groupArn } = tick.schedule;
        permissions.assume(roleArn, { name: 'scheduler.amazonaws.com', sourceArn: groupArn });
        permissions.require(roleArn, { action: 'lambda:InvokeFunction', resource: targetArn });
        await lambda.invoke(targetArn, JSON.parse(tick.schedule.input), { kind: 'async' });
      },
      ...options.scheduler,
    });
    closing(scheduler, () => scheduler.stop());
    const sns = createSns({ deployment: () => deployment, now: () => clock.now() });
    const sts = createSts({ accountId, identities });
    const cloudWatch = createCloudWatch({
      accountId,
      region,
      now: () => clock.now(),
      publish: sns.publish,
      monitoring: servicesMonitoring({ deployment: () => deployment, firehose }),
    });
    const cloudFormation = createCloudFormationApi({ deployment: () => deployment, now: () => clock.now() });
    const kms = createKms({ deployment: () => deployment });
    const apis = [
      createSchedulerApi(scheduler),
      createLambdaApi(lambda, { eventSources, left }),
      createIamApi(permissions.iam, left),
      createLogs({ accountId, region, left, entries: () => firehose.errorLog, lines }),
    ];
    for (const standIn of [...apis, sts, sns, cloudWatch, cloudFormation, kms]) gateway.register(standIn);
    const responses = createResponseEndpoint();
    closing(responses, () => responses.close());
    account = {
      accountId,
      region,
      clock,
      hosts,
      codeDir: join(workDir, 'code'),
      lambda,
      scheduler,
      dynamodb,
      s3,
      notifications,
      sqs,
      eventSources,
      firehose,
      secrets,
      kms,
      sns,
      cloudWatch,
      responses,
      takenNames: new Set(),
      gateway,
      identities,
      permissions,
      onChange: (changed) => {
        deployment = changed;
      },
      verify: () => permissions.iam.check(),
      close,
    };
    return account;
  } catch (error) {
    await close();
    throw error;
  }
}
