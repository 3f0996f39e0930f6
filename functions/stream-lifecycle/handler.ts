import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { createCredentialsReader } from '../mosaic/credentials.ts';
import { openMosaic } from '../mosaic/mosaic.ts';
import { createTokenCache } from '../mosaic/token.ts';
import { RelayError } from '../relay-error.ts';
import { createDynamoRegister } from './adapters/dynamo-register.ts';
import { createMosaicStreams } from './adapters/mosaic-streams.ts';
import { answer } from './answer.ts';
import { readEnvironment } from './environment.ts';
import { type Performed, perform } from './perform.ts';
import { type LifecycleRequest, parseRequest } from './request.ts';

const environment = readEnvironment(process.env);
const logger = new Logger({ serviceName: 'stream-lifecycle', persistentKeys: { stage: environment.STAGE } });
const register = createDynamoRegister({ client: new DynamoDBClient(), tableName: environment.TABLE_NAME });
const secretsManager = new SecretsManagerClient();
const waiting = (ms: number) => wait(ms);

/**
 * What CloudFormation calls for every `Custom::MosaicStream`. It answers CloudFormation itself, whatever happened,
 * for an unanswered request holds a deployment up until its timeout.
 */
export const handler = middy<unknown, void>().handler(async (event: unknown) => {
  const request = parseRequest(event);
  const { RequestType, RequestId, ResourceProperties } = request;
  logger.info('started', { RequestType, RequestId, stream: ResourceProperties.StreamName });
  const performed = await performOnce(request);
  if (performed.kind === 'done') logger.info('ended', { RequestId, ...performed.data });
  else logger.error('ended', { RequestId, reason: performed.reason });
  await answer(request, performed, waiting);
});

async function performOnce(request: LifecycleRequest): Promise<Performed> {
  const mosaic = openMosaic({
    url: environment.MOSAIC_URL,
    apiVersion: environment.MOSAIC_API_VERSION,
    resource: environment.MOSAIC_RESOURCE,
    // Read anew for each request: the operator may just have put it right.
    readCredentials: createCredentialsReader({ client: secretsManager, secretId: environment.SECRET_ID }),
    tokens: createTokenCache(),
    now: Date.now,
    wireCapBytes: 4_096,
  });
  try {
    return await perform(request, {
      register,
      now: Date.now,
      mosaic: createMosaicStreams({ mosaic, waiting }),
    });
  } catch (error) {
    // A value for CloudFormation, which shows it to whoever deploys; the handler logs it as the reason.
    return { kind: 'failed', reason: reasonOf(error) };
  } finally {
    mosaic.close();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RelayError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
