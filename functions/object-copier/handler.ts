import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { metricNamespace } from '../metric-namespace.ts';
import { readEnvironment } from '../read-environment.ts';
import { deadLetterQueue } from './adapters/dead-letter-queue.ts';
import { readEntraSecret } from './adapters/entra-secret.ts';
import { s3ObjectSource } from './adapters/s3-object-source.ts';
import { type CopierMetric, copierEnvironment, copierMetrics } from './contract.ts';
import { type CopiedMessage, copyBatch } from './copy.ts';
import type { Clock } from './ports.ts';
import { summarize } from './report.ts';
import { sinkFromEnvironment } from './sinks/sink-from-environment.ts';

/** Time of an invocation that is reserved for its answer. */
const marginMs = 5_000;

const environment = readEnvironment(copierEnvironment, process.env);
const logger = new Logger({ serviceName: 'object-copier' });
const metrics = new Metrics({ namespace: metricNamespace });
// Powertools adds a dimension `service`, and an alarm matches a metric's whole set of dimensions: with `service`, no
// alarm on the contract's three would ever see a value.
metrics.clearDefaultDimensions();
metrics.setDefaultDimensions({
  Stage: environment.STAGE,
  Stream: environment.STREAM_NAME,
  Destination: environment.DESTINATION,
});
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => {}),
  random: () => Math.random(),
};
const source = s3ObjectSource(
  new S3Client(),
  environment.BUCKET_NAME,
  environment.OBJECT_CAP_MIB * 1024 * 1024,
);
const secrets = new SecretsManagerClient();
const sink = sinkFromEnvironment(environment, {
  clock,
  readEntraSecret: (id) => readEntraSecret(secrets, id),
});
// The URL only names the queue. The client finds the endpoint by the region, as for every other service.
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Copies the objects that a batch of S3 notifications names, and answers with the messages to be tried again. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async (event: SQSEvent, context: Context) => {
    const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - marginMs));
    const copied = await copyBatch(event.Records, {
      source,
      sink,
      deadLetters: deadLetterQueue(sqs, environment.DEAD_LETTER_QUEUE_URL, signal),
      clock,
      bucket: environment.BUCKET_NAME,
      signal,
    });
    tell(copied);
    return {
      batchItemFailures: copied
        .filter(({ failed }) => failed)
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    };
  });

function tell(copied: readonly CopiedMessage[]): void {
  for (const { messageId, objects } of copied) {
    for (const { key, outcome, bytes, unmarked } of objects) {
      if (outcome.kind === 'stored') {
        const facts = { messageId, key, bytes, already: outcome.already };
        if (unmarked === undefined) logger.info('Copied', facts);
        else logger.warn('Copied, and not marked as copied', { ...facts, unmarked });
        continue;
      }
      const { kind, message, ...facts } = outcome;
      logger[kind === 'busy' ? 'warn' : 'error'](message, { messageId, key, outcome: kind, ...facts });
    }
  }
  for (const [name, value] of Object.entries(summarize(copied)) as [CopierMetric, number][]) {
    metrics.addMetric(name, MetricUnit[copierMetrics[name]], value);
  }
}
