import { createVirtualClock, type VirtualClock } from '../clock/virtual-clock.ts';
import type { AwsCall } from './aws-call.ts';
import { type DynamoDbStandIn, startDynamoDb } from './dynamodb.ts';
import { startLoopbackFauxqs } from './fauxqs.ts';
import type { FirehoseFaults } from './firehose/faults.ts';
import { createFirehose, type FirehoseStandIn } from './firehose/firehose.ts';
import type { ThroughputQuota } from './firehose/throughput.ts';
import { type Authorization, type Gateway, startGateway } from './gateway.ts';
import { type Credentials, createIdentities, type Identities } from './identities.ts';
import type { Interference } from './interference.ts';
import { createS3, type S3StandIn } from './s3.ts';
import { createSecretsManager, type SecretsManagerStandIn } from './secrets-manager.ts';
import { createSqs, type SqsStandIn } from './sqs.ts';

/** All of the local AWS on free ports, for one test file. */
export interface LocalAws {
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
  readonly identities: Identities;
  readonly dynamoDb: DynamoDbStandIn;
  readonly s3: S3StandIn;
  readonly sqs: SqsStandIn;
  readonly secrets: SecretsManagerStandIn;
  readonly firehose: FirehoseStandIn;
  /** Calls that were answered, in order. */
  readonly calls: { readonly call: AwsCall; readonly status: number }[];
  /** Options for an SDK client. */
  readonly client: { readonly endpoint: string; readonly region: string; readonly credentials: Credentials };
  close(): Promise<void>;
}

export interface LocalAwsOptions {
  readonly authorize?: (call: AwsCall) => Authorization;
  readonly interfere?: (call: AwsCall) => Interference | undefined;
  readonly faults?: FirehoseFaults;
  readonly quota?: ThroughputQuota;
  readonly onAccepted?: (deliveryStream: string, record: Buffer) => void;
  readonly hostOf?: (origin: string) => string;
  readonly seed?: string;
  readonly answerGraceMs?: number;
  /** When S3 says that an object is written; default: now. */
  readonly writtenAt?: () => number | undefined;
}

export const accountId = '123456789012';
export const region = 'us-east-1';
export const roleArn = `arn:aws:iam::${accountId}:role/relay-test`;
export const startAt = Date.UTC(2026, 2, 1, 9, 30, 0);

export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const clock = createVirtualClock({ startAt });
  const identities = createIdentities();
  const calls: LocalAws['calls'] = [];
  const gateway = await startGateway({
    accountId,
    region,
    signerOf: identities.signerOf,
    authorize: (call) => {
      const known = identities.authorize(call);
      return known.allowed ? (options.authorize?.(call) ?? known) : known;
    },
    interfere: options.interfere,
    observe: (call, status) => calls.push({ call, status }),
  });
  const fauxqs = await startLoopbackFauxqs();
  const s3 = createS3(fauxqs, () => options.writtenAt?.() ?? clock.now());
  const sqs = createSqs(fauxqs, { accountId, region, clock, gatewayUrl: () => gateway.url });
  const dynamoDb = await startDynamoDb();
  const secrets = createSecretsManager({ accountId, region, now: () => clock.now() });
  const firehose = createFirehose({
    clock,
    region,
    gatewayUrl: () => gateway.url,
    credentialsOf: (arn) => identities.issue(arn),
    seed: options.seed ?? 'test',
    quota: options.quota,
    onAccepted: options.onAccepted,
    faults: options.faults,
    hostOf: options.hostOf,
    answerGraceMs: options.answerGraceMs,
  });
  for (const standIn of [s3, sqs, dynamoDb, secrets, firehose]) gateway.register(standIn);
  return {
    clock,
    gateway,
    identities,
    dynamoDb,
    s3,
    sqs,
    secrets,
    firehose,
    calls,
    client: { endpoint: gateway.url, region, credentials: identities.issue(roleArn) },
    async close() {
      clock.close();
      firehose.close();
      await gateway.close();
      s3.close();
      sqs.close();
      await Promise.all([fauxqs.stop(), dynamoDb.close()]);
    },
  };
}
