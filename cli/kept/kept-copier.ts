import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { copierEnvironment } from '../../functions/object-copier/contract.ts';
import { copierNameOf } from '../../infra/config/names.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import type { KeptStream } from './find-kept.ts';

/** The object copier that is kept with a delivery stream. */
export interface KeptCopier {
  readonly functionName: string;
  readonly role?: string;
  readonly eventSources: readonly string[];
  readonly queueUrl?: string;
  readonly deadLetterUrl: string;
}

/**
 * A name may be that of another stage's copier: stream `eu-cis` of `dev` and stream `cis` of `dev-eu` share one. The
 * function's own environment says whose it is.
 *
 * @returns undefined where the delivery stream never had a copier, or has it no more
 */
export async function findCopier(
  { connection, stage }: Pick<DeployedRelay, 'connection' | 'stage'>,
  { streamName, destination, copierEnd }: KeptStream,
): Promise<KeptCopier | undefined> {
  const lambda = new LambdaClient(connection);
  const functionName = copierNameOf({ stage, stream: streamName, destination, end: copierEnd });
  try {
    const { Environment, Role } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
    );
    const read = copierEnvironment.safeParse(Environment?.Variables);
    if (!read.success) return undefined;
    const { STAGE, STREAM_NAME, DESTINATION } = read.data;
    if (STAGE !== stage || STREAM_NAME !== streamName || DESTINATION !== destination) return undefined;
    const deadLetterUrl = read.data.DEAD_LETTER_QUEUE_URL;
    const { EventSourceMappings: sources = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: functionName }),
    );
    const queue = sources[0]?.EventSourceArn?.split(':').at(-1);
    return {
      functionName,
      role: Role?.split('/').at(-1),
      eventSources: sources.flatMap(({ UUID }) => UUID ?? []),
      queueUrl: queue && `${deadLetterUrl.slice(0, deadLetterUrl.lastIndexOf('/') + 1)}${queue}`,
      deadLetterUrl,
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  } finally {
    lambda.destroy();
  }
}
