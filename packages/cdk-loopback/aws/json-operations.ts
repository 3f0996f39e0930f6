import type { NamedCall, SignedRequest } from './signed-request.ts';

/**
 * Names a call of the JSON 1.0 and 1.1 protocols (`X-Amz-Target`) and of the query protocol (`Action=`).
 *
 * @throws when the body is not what its protocol asks for
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function recogniseJsonCall(request: SignedRequest): NamedCall | undefined {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const operation = target.slice(target.lastIndexOf('.') + 1);
    return nameCall(request, operation, parseObject(request.body));
  }
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const operation = form.get('Action');
  return operation ? nameCall(request, operation, Object.fromEntries(form)) : undefined;
}

type Input = Readonly<Record<string, unknown>>;

function nameCall(request: SignedRequest, operation: string, input: Input): NamedCall {
  const resource = resources[request.service]?.(input, request, operation) ?? '*';
  return { operation, action: actionOf(request.service, operation), resource, input };
}

/** SQS's batches need the permission of the single form; elsewhere action and operation have one name. */
function actionOf(service: string, operation: string): string {
  return `${service}:${service === 'sqs' ? operation.replace(/Batch$/, '') : operation}`;
}

const resources: Readonly<
  Record<string, (input: Input, request: SignedRequest, operation: string) => string | undefined>
> = {
  dynamodb: tableOf,
  firehose: (input, request) => arn(request, 'deliverystream/', input.DeliveryStreamName),
  secretsmanager: (input, request) => arn(request, 'secret:', input.SecretId),
  sqs: (input, request) => arn(request, '', input.QueueName ?? lastSegment(input.QueueUrl)),
};

/** A batch over several tables would need as many permissions, which one call cannot state: it has no resource. */
function tableOf(input: Input, request: SignedRequest, operation: string): string | undefined {
  const requested = operation.startsWith('Batch') ? Object.keys((input.RequestItems ?? {}) as object) : [];
  if (requested.length > 1) throw new Error(`${operation} of several tables is not known to this gateway.`);
  const table = arn(request, 'table/', input.TableName ?? requested[0]);
  return table && typeof input.IndexName === 'string' ? `${table}/index/${input.IndexName}` : table;
}

/** A name becomes an ARN; an ARN stays as it is. */
function arn(request: SignedRequest, prefix: string, name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  if (name.startsWith('arn:')) return name;
  return `arn:aws:${request.service}:${request.region}:${request.accountId}:${prefix}${name}`;
}

function lastSegment(url: unknown): string | undefined {
  return typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : undefined;
}

function parseObject(body: Uint8Array): Input {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Error('The request body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('The request body is not a JSON object.');
  }
  return value as Input;
}
