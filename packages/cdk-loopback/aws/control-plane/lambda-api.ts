/**
 * A stand-in for the API of AWS Lambda, written here: Invoke, GetFunctionConfiguration and GetAccountSettings, over
 * the local host of functions; event sources, and the deletion of what has left its stack.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { randomUUID } from 'node:crypto';
import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall, ServiceStandIn } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import type { FunctionDefinition } from '../lambda/function-definition.ts';
import type { LambdaHost } from '../lambda/host.ts';
import type { NamedCall, SignedRequest } from '../signed-request.ts';
import {
  deletionOperations,
  type LambdaDeletionOptions,
  performDeletion,
  recogniseDeletion,
} from './lambda-deletion.ts';
import { readPath } from './rest-path.ts';

export function createLambdaApi(
  host: LambdaHost,
  deletion: Omit<LambdaDeletionOptions, 'host'>,
): ServiceStandIn {
  return {
    service: 'lambda',
    operations: new Set(['Invoke', 'GetFunctionConfiguration', 'GetAccountSettings', ...deletionOperations]),
    recognise: (request) => recogniseDeletion(request) ?? recogniseCall(request),
    async handle(call): Promise<AwsAnswer> {
      if (deletionOperations.includes(call.operation)) return performDeletion(call, { ...deletion, host });
      if (call.operation === 'GetAccountSettings') return jsonAnswer(accountSettings(host));
      const name = String(call.input.FunctionName);
      const found = find(host, name);
      if (found === undefined) return notFound(name);
      return call.operation === 'Invoke' ? invoke(call, host) : jsonAnswer(describe(found));
    },
  };
}

function recogniseCall(request: SignedRequest): NamedCall | undefined {
  const { parts, query } = readPath(request);
  const [version, collection, name, what] = parts;
  const { method, region, accountId } = request;
  if (method === 'GET' && parts.join('/') === '2016-08-19/account-settings') {
    return { operation: 'GetAccountSettings', action: 'lambda:GetAccountSettings', resource: '*' };
  }
  if (version !== '2015-03-31' || collection !== 'functions' || name === undefined || parts.length !== 4)
    return undefined;
  const operation = operations[`${method} ${what}`];
  if (operation === undefined) return undefined;
  const arn = name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const qualifier = query.get('Qualifier');
  const qualified = qualifier === null ? '' : `:${qualifier}`;
  return {
    operation,
    action: `lambda:${operation === 'Invoke' ? 'InvokeFunction' : operation}`,
    resource: `${arn}${qualified}`,
    input: { FunctionName: `${name}${qualified}` },
  };
}

const operations: Readonly<Record<string, string>> = {
  'POST invocations': 'Invoke',
  'GET configuration': 'GetFunctionConfiguration',
};

function find(host: LambdaHost, name: string): FunctionDefinition | undefined {
  try {
    return host.functions.find(name).definition;
  } catch (error) {
    if ((error as Error).message.startsWith('ResourceNotFoundException')) return undefined;
    throw error;
  }
}

async function invoke(call: AwsCall, host: LambdaHost): Promise<AwsAnswer> {
  const { 'x-amz-invocation-type': type = 'RequestResponse', 'x-amz-log-type': logType = 'None' } =
    call.headers;
  if (logType !== 'None') return invalid(`LogType ${String(logType)} is not known here`);
  if (type !== 'RequestResponse' && type !== 'Event')
    return invalid(`InvocationType ${String(type)} is not known here`);
  const text = Buffer.from(call.body).toString('utf8');
  let payload: unknown;
  try {
    payload = text === '' ? {} : JSON.parse(text);
  } catch {
    return errorAnswer('lambda', {
      status: 400,
      code: 'InvalidRequestContentException',
      message: 'Could not parse request body into json.',
    });
  }
  const name = String(call.input.FunctionName);
  if (type === 'Event') {
    await host.invoke(name, payload, { kind: 'async' });
    return { status: 202, headers: answerHeaders(), body: '' };
  }
  const invocation = await host.invoke(name, payload, { kind: 'sync' });
  if (invocation.status === 'throttled') {
    return errorAnswer('lambda', {
      status: 429,
      code: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
    });
  }
  return {
    status: 200,
    headers: {
      ...answerHeaders(),
      'x-amz-executed-version': '$LATEST',
      ...(invocation.status === 'ok' ? {} : { 'x-amz-function-error': 'Unhandled' }),
    },
    body: JSON.stringify(invocation.payload ?? null),
  };
}

function answerHeaders(): Record<string, string> {
  return { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };
}

function describe({
  arn,
  name,
  roleArn,
  handler,
  timeoutSeconds,
  memoryMb,
  environment,
  version,
}: FunctionDefinition) {
  return {
    FunctionName: name,
    FunctionArn: arn,
    Role: roleArn,
    Handler: handler,
    Timeout: timeoutSeconds,
    MemorySize: memoryMb,
    Version: version,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Environment: { Variables: environment },
  };
}

/** The quotas of an ordinary account; a new one often has 10 concurrent executions only. */
function accountSettings(host: LambdaHost) {
  const concurrent = 1_000;
  const reserved = host.functions
    .definitions()
    .reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
  return {
    AccountLimit: {
      ConcurrentExecutions: concurrent,
      UnreservedConcurrentExecutions: concurrent - reserved,
    },
    AccountUsage: { FunctionCount: host.functions.definitions().length },
  };
}

function notFound(name: string): AwsAnswer {
  const message = `Function not found: ${name}`;
  return errorAnswer('lambda', { status: 404, code: 'ResourceNotFoundException', message });
}

function invalid(message: string): AwsAnswer {
  return errorAnswer('lambda', { status: 400, code: 'InvalidParameterValueException', message });
}
