import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CollectorEvent } from '../../functions/collector/contract.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { CommandError } from '../command.ts';

/** The end of a collector's invocation; `failure` is the function's error, or Lambda's reason for ending it. */
export interface CollectorAnswer {
  readonly failure?: string;
}

/**
 * Invokes a stream's collector as its schedule does, and waits for its end.
 *
 * @throws {CommandError} when the function is not there, may not be invoked, or has no room to run
 */
export async function invokeCollector(
  relay: DeployedRelay,
  stream: DeployedStream,
  task: CollectorEvent['task'],
): Promise<CollectorAnswer> {
  const timeoutMs = stream.settings.timeout * 1_000 + 30_000;
  const client = new LambdaClient({
    ...relay.connection,
    // A second request would start a second run.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: timeoutMs, socketTimeout: timeoutMs },
  });
  const looked = { sought: `function ${stream.functionName}`, where: relay.place };
  try {
    const { FunctionError, Payload } = await explainingFailure(looked, () =>
      client.send(
        new InvokeCommand({
          FunctionName: stream.functionName,
          InvocationType: 'RequestResponse',
          Payload: JSON.stringify({ task } satisfies CollectorEvent),
        }),
      ),
    );
    return FunctionError === undefined ? {} : { failure: errorIn(Payload?.transformToString() ?? '') };
  } catch (error) {
    throw explained(error, looked);
  } finally {
    client.destroy();
  }
}

function explained(
  error: unknown,
  { sought, where }: { readonly sought: string; readonly where: string },
): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'ResourceNotFoundException')
    return new CommandError(`looked for ${sought} in ${where}: it is not there; deploy the stack again`);
  if (name === 'TooManyRequestsException')
    return new CommandError(
      `${sought} has no room to run now: the account's or its own concurrency is used up; try again in a minute`,
    );
  return error;
}

/** `MosaicRefused: …` in one line. */
function errorIn(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, unknown>;
    const text = errorType === undefined ? String(errorMessage) : `${errorType}: ${errorMessage}`;
    return text.split('\n')[0] ?? '';
  } catch {
    return 'it answered no readable error; see its log';
  }
}
