import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Hosts, hostOf } from '../assembly/origins.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { AwsCall } from './aws-call.ts';
import type { DeployedResource } from './cloudformation/deployment.ts';
import type { Account } from './cloudformation/resource-family.ts';
import { createResponseDesk } from './cloudformation/response-desk.ts';
import { type DynamoDbStandIn, startDynamoDb } from './dynamodb.ts';
import { startLoopbackFauxqs } from './fauxqs.ts';
import { createFirehose, type FirehoseOptions, type FirehoseStandIn } from './firehose/firehose.ts';
import { type Authorization, type Gateway, type GatewayOptions, startGateway } from './gateway.ts';
import { type Credentials, createIdentities, type Identities } from './identities.ts';
import { createLambdaHost, type LambdaHostOptions } from './lambda/host.ts';
import { createEventSender } from './lambda/send-event.ts';
import { createS3 } from './s3.ts';
import { createScheduler, type SchedulerOptions, type Tick } from './scheduler.ts';
import { createSecretsManager, type SecretsManagerStandIn } from './secrets-manager.ts';
import { createSqs } from './sqs.ts';

/** An AWS account on this machine: every service the relay uses, empty. */
export interface LocalAccount extends Account {
  readonly gateway: Gateway;
  readonly identities: Identities;
  readonly dynamodb: DynamoDbStandIn;
  readonly firehose: FirehoseStandIn;
  readonly secrets: SecretsManagerStandIn;
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
  /** Whether a call is allowed, of a key that was issued and has not expired; every one is when absent. */
  readonly authorize?: (call: AwsCall, identities: Identities) => Authorization;
  /** Told of each resource as it comes to be as the template says. */
  readonly onResource?: (resource: DeployedResource) => void;
  readonly gateway?: Pick<GatewayOptions, 'observe' | 'interfere'>;
  readonly lambda?: Pick<LambdaHostOptions, 'onLog' | 'onInvocation' | 'beforeInvoke' | 'freeze'>;
  readonly scheduler?: Pick<SchedulerOptions, 'onTick' | 'interfere'>;
  readonly firehose?: Pick<FirehoseOptions, 'quota' | 'faults'>;
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
    const authorize = (call: AwsCall): Authorization => {
      const known = identities.authorize(call);
      return known.allowed && options.authorize ? options.authorize(call, identities) : known;
    };
    const [dynamodb, fauxqs] = await Promise.all([startDynamoDb(), startLoopbackFauxqs(join(workDir, 's3'))]);
    closers.push(
      () => dynamodb.close(),
      () => fauxqs.stop(),
    );
    const s3 = createS3(fauxqs);
    closing(s3, () => s3.close());
    const secrets = createSecretsManager({ accountId, region, now: () => clock.now() });
    const gateway = await startGateway({
      accountId,
      standIns: [dynamodb, s3, secrets],
      authorize,
      ...options.gateway,
    });
    closing(gateway, () => gateway.close());
    const gatewayUrl = gateway.url;
    const sqs = createSqs(fauxqs, { accountId, region, gatewayUrl: () => gatewayUrl });
    closing(sqs, () => sqs.close());
    const issueCredentials = (roleArn: string) => identities.issue(roleArn);
    const firehose = createFirehose({
      clock,
      region,
      gatewayUrl: () => gatewayUrl,
      credentialsOf: issueCredentials,
      seed: options.seed ?? 0,
      hostOf: (origin) => hostOf(origin, hosts, 'a delivery stream'),
      ...options.firehose,
    });
    closing(firehose, () => firehose.close());
    gateway.register(sqs);
    gateway.register(firehose);
    const sender = createEventSender({ gatewayUrl, issueCredentials });
    const lambda = createLambdaHost({
      clock,
      region,
      gatewayUrl,
      workDir,
      issueCredentials,
      sendTo: sender.send,
      ...options.lambda,
    });
    closing(lambda, () => lambda.close());
    const scheduler = createScheduler({
      clock,
      accountId,
      region,
      sendTo: sender.send,
      invoke: async (tick) => {
        refuseUnless(authorize(invokeCall(tick, identities.issue(tick.schedule.roleArn), region)));
        await lambda.invoke(tick.schedule.targetArn, JSON.parse(tick.schedule.input), { kind: 'async' });
      },
      ...options.scheduler,
    });
    closing(scheduler, () => scheduler.stop());
    const responses = createResponseDesk();
    closing(responses, () => responses.close());
    return {
      accountId,
      region,
      clock,
      hosts,
      codeDir: join(workDir, 'code'),
      lambda,
      scheduler,
      dynamodb,
      s3,
      sqs,
      firehose,
      secrets,
      responses,
      gateway,
      identities,
      onResource: options.onResource,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What Scheduler, as the schedule's role, asks of Lambda. */
function invokeCall({ schedule }: Tick, credentials: Credentials, region: string): AwsCall {
  return {
    service: 'lambda',
    operation: 'Invoke',
    action: 'lambda:InvokeFunction',
    resource: schedule.targetArn,
    context: { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': region },
    accessKeyId: credentials.accessKeyId,
    region,
    method: 'POST',
    path: `/2015-03-31/functions/${encodeURIComponent(schedule.targetArn)}/invocations`,
    headers: { 'x-amz-security-token': credentials.sessionToken },
    body: Buffer.from(schedule.input),
    input: {},
  };
}

function refuseUnless(authorization: Authorization): void {
  if (!authorization.allowed) throw new Error(authorization.message);
}
