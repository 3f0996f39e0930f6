import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import { collectorMetrics } from '../collector/contract.ts';
import { metricNamespace } from '../metric-namespace.ts';
import { createCredentialsReader } from '../mosaic/credentials.ts';
import { openMosaic } from '../mosaic/mosaic.ts';
import { createTokenCache } from '../mosaic/token-cache.ts';
import { postSigned } from '../post-signed.ts';
import { readEnvironment } from '../read-environment.ts';
import { RelayError } from '../relay-error.ts';
import { shownFailure } from '../shown-failure.ts';
import { createStackResources } from './adapters/cloudformation-stack.ts';
import { createDeliveryLogs } from './adapters/delivery-logs.ts';
import { createDynamoKept } from './adapters/dynamo-kept.ts';
import { createDynamoRegister } from './adapters/dynamo-register.ts';
import { createDynamoUnfinishedRuns } from './adapters/dynamo-unfinished-runs.ts';
import { createKeptQueues } from './adapters/kept-queues.ts';
import { createMosaicStreams } from './adapters/mosaic-streams.ts';
import { createWaitingObjects } from './adapters/waiting-objects.ts';
import { createWrittenObjects } from './adapters/written-objects.ts';
import {
  firstGauges,
  keptWatch,
  lifecycleEnvironment,
  lifecycleMetrics,
  type OrphanSearch,
  orphanSearch,
  streamType,
} from './contract.ts';
import { findOrphans } from './find-orphans.ts';
import { perform } from './perform.ts';
import type { Performed } from './performed.ts';
import { type LifecycleRequest, parseRequest } from './request.ts';
import { sendResponse } from './response.ts';
import { countWaiting, isWaiting } from './watch-kept.ts';

const environment = readEnvironment(lifecycleEnvironment, process.env);
const logger = new Logger({ serviceName: 'stream-lifecycle', persistentKeys: { stage: environment.STAGE } });
const metrics = new Metrics({ namespace: metricNamespace });
// An alarm matches whole sets of dimensions, and Powertools adds `service` of its own accord.
metrics.clearDefaultDimensions();
metrics.setDefaultDimensions({ Stage: environment.STAGE });
const table = { client: new DynamoDBClient(), tableName: environment.TABLE_NAME };
const register = createDynamoRegister(table);
const unfinished = createDynamoUnfinishedRuns(table);
const kept = createDynamoKept(table);
const s3 = new S3Client();
const objects = createWrittenObjects(s3, environment.BUCKET_NAME);
// The URL only names the queue. The client finds the endpoint by the region, as for every other service.
const queues = createKeptQueues(new SQSClient({ useQueueUrlAsEndpoint: false }), environment.BUCKET_NAME);
// A stage with many destinations asks for all of them at once, and CloudFormation throttles.
const stack = createStackResources(new CloudFormationClient({ maxAttempts: 8 }));
const waiting = createWaitingObjects({ client: s3, bucket: environment.BUCKET_NAME });
const secretsManager = new SecretsManagerClient();
const sleep = (ms: number) => wait(ms);
// The bundle has no client of CloudWatch Logs. Region and credentials are those of any other client.
const logs = createDeliveryLogs({
  region: () => s3.config.region(),
  post: async (call) => {
    const credentials = await s3.config.credentials();
    return postSigned(call, { endpoint: environment.AWS_ENDPOINT_URL, credentials, now: Date.now() });
  },
  sleep,
});

/**
 * The function's entry. CloudFormation calls it for every `Custom::MosaicStream`, `Custom::Delivery` and
 * `Custom::Undelivered`, one schedule once a day, and another once an hour.
 */
export const handler = middy<unknown, void>().handler(async (event: unknown) => {
  const search = orphanSearch.safeParse(event);
  if (search.success) await searchOrphans(search.data);
  else if (keptWatch.safeParse(event).success) await lookAtKept();
  else await answerRequest(parseRequest(event));
});

/** Runs that one log line names. */
const mostNamed = 20;

async function searchOrphans({ streams }: OrphanSearch): Promise<void> {
  const orphans = await findOrphans(streams, { unfinished, now: Date.now });
  metrics.addMetric('Orphaned', lifecycleMetrics.Orphaned, orphans.length);
  metrics.publishStoredMetrics();
  const named = orphans.slice(0, mostNamed).map(({ stream, run }) => `${stream}/${run}`);
  logger[orphans.length === 0 ? 'info' : 'error']('searched', { orphaned: orphans.length, runs: named });
}

/** Without a kept delivery stream no metric is sent: most stages have none, and a metric is billed by the hour. */
async function lookAtKept(): Promise<void> {
  const ports = { kept, objects, queues, logs, stage: environment.STAGE, now: Date.now };
  const watched = await countWaiting(ports, (count) => {
    metrics.addMetric('KeptWaiting', lifecycleMetrics.KeptWaiting, count);
    metrics.publishStoredMetrics();
  });
  if (watched.length === 0) return;
  const waiting = watched.filter(isWaiting);
  const named = (waiting.length === 0 ? watched : waiting).slice(0, mostNamed);
  logger[waiting.length === 0 ? 'info' : 'warn']('looked at kept delivery streams', {
    waiting: waiting.length,
    streams: named,
  });
}

/**
 * Answers CloudFormation in every case, since an unanswered request holds a deployment up until its
 * timeout.
 */
async function answerRequest(request: LifecycleRequest): Promise<void> {
  const { RequestType, RequestId, ResourceProperties } = request;
  logger.info('started', { RequestType, RequestId, stream: ResourceProperties.StreamName });
  const performed = await performOnce(request);
  if (performed.kind === 'done') logger.info('ended', { RequestId, ...performed.data });
  else logger.error('ended', { RequestId, reason: performed.reason });
  const creates = RequestType === 'Create' && request.ResourceType === streamType;
  // Of a stream alone: a destination that is added to a stream which has stopped must not say that it runs.
  if (creates && performed.kind === 'done') emitFirstGauges(ResourceProperties.StreamName);
  await sendResponse(request, performed, sleep);
}

function emitFirstGauges(stream: unknown): void {
  const ofStream = new Metrics({ namespace: metricNamespace });
  ofStream.clearDefaultDimensions();
  ofStream.setDefaultDimensions({ Stage: environment.STAGE, Stream: String(stream) });
  for (const name of firstGauges) ofStream.addMetric(name, collectorMetrics[name], 0);
  ofStream.publishStoredMetrics();
}

async function performOnce(request: LifecycleRequest): Promise<Performed> {
  const mosaic = openMosaic({
    url: environment.MOSAIC_URL,
    apiVersion: environment.MOSAIC_API_VERSION,
    resource: environment.MOSAIC_RESOURCE,
    // Each request reads the credentials again, since the operator may have corrected them.
    readCredentials: createCredentialsReader({ client: secretsManager, secretId: environment.SECRET_ID }),
    tokens: createTokenCache(),
    now: Date.now,
    wireCapBytes: 4_096,
  });
  try {
    return await perform(request, {
      register,
      stack,
      unfinished,
      waiting,
      kept,
      stage: environment.STAGE,
      now: Date.now,
      mosaic: createMosaicStreams({ mosaic, host: environment.MOSAIC_HOST, sleep }),
    });
  } catch (error) {
    // CloudFormation shows this text to the person who deploys, and the handler logs it as the reason.
    return { kind: 'failed', reason: reasonOf(error) };
  } finally {
    mosaic.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof RelayError
    ? error.message
    : `${shownFailure(error)}. Put it right, and deploy again.`;
}
