import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import type { EventSources } from '../lambda/event-sources.ts';
import type { LambdaHost } from '../lambda/host.ts';
import type { NamedCall, SignedRequest } from '../signed-request.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';
import { readPath } from './rest-path.ts';

export interface LambdaDeletionOptions {
  readonly host: Pick<LambdaHost, 'functions'>;
  readonly eventSources: Pick<EventSources, 'mappings'>;
  readonly left: LeftResources;
}

/** The calls by which a function and its event sources are found and deleted. */
export const deletionOperations = ['ListEventSourceMappings', 'DeleteEventSourceMapping', 'DeleteFunction'];

export function recogniseDeletion(request: SignedRequest): NamedCall | undefined {
  const { parts, query } = readPath(request);
  const [version, collection, id] = parts;
  const { method, region, accountId } = request;
  if (version !== '2015-03-31') return undefined;
  const arn = (kind: string) => `arn:aws:lambda:${region}:${accountId}:${kind}:${id}`;
  if (collection === 'event-source-mappings' && method === 'GET' && parts.length === 2) {
    const operation = 'ListEventSourceMappings';
    return { operation, action: `lambda:${operation}`, resource: '*', input: Object.fromEntries(query) };
  }
  if (method !== 'DELETE' || parts.length !== 3) return undefined;
  const operation = { functions: 'DeleteFunction', 'event-source-mappings': 'DeleteEventSourceMapping' }[
    String(collection)
  ];
  if (operation === undefined) return undefined;
  const kind = operation === 'DeleteFunction' ? 'function' : 'event-source-mapping';
  return { operation, action: `lambda:${operation}`, resource: arn(kind), input: { Id: id } };
}

export async function performDeletion(call: AwsCall, options: LambdaDeletionOptions): Promise<AwsAnswer> {
  const { operation, input } = call;
  if (operation === 'ListEventSourceMappings') return list(input, options);
  const type = operation === 'DeleteFunction' ? 'AWS::Lambda::Function' : 'AWS::Lambda::EventSourceMapping';
  try {
    const deleted = await options.left.delete(
      (each) => each.type === type && each.physicalId === String(input.Id),
    );
    if (deleted.length === 0)
      return refused(404, 'ResourceNotFoundException', `Not found: ${String(input.Id)}`);
    return operation === 'DeleteFunction'
      ? { status: 204, headers: {}, body: '' }
      : { ...jsonAnswer({ UUID: input.Id, State: 'Deleting' }), status: 202 };
  } catch (error) {
    if (!(error instanceof ResourceOfStack)) throw error;
    return refused(409, 'ResourceConflictException', error.message);
  }
}

function list(input: AwsCall['input'], { host, eventSources }: LambdaDeletionOptions): AwsAnswer {
  const { FunctionName: name, ...others } = input;
  if (typeof name !== 'string' || Object.keys(others).length > 0)
    return refused(400, 'InvalidParameterValueException', 'FunctionName alone is known here');
  const found = host.functions.definitions().find((each) => each.name === name || each.arn === name);
  const mappings = [...eventSources.mappings].filter(
    ([, { functionName }]) => functionName === found?.name || functionName === found?.arn,
  );
  return jsonAnswer({
    EventSourceMappings: mappings.map(([UUID, { queueArn, batchSize }]) => ({
      UUID,
      EventSourceArn: queueArn,
      FunctionArn: found?.arn,
      BatchSize: batchSize,
      State: 'Enabled',
    })),
  });
}

function refused(status: number, code: string, message: string): AwsAnswer {
  return errorAnswer('lambda', { status, code, message });
}
