import type { IncomingHttpHeaders } from 'node:http';
import type { SignedAuthorization } from './authorization-header.ts';
import type { AwsAnswer } from './aws-answer.ts';
import type { AwsError } from './aws-error.ts';
import { recogniseJsonCall } from './json-operations.ts';
import { recogniseS3Call } from './s3-operations.ts';
import type { AwsRequest, NamedCall, SignedRequest } from './signed-request.ts';

/** One call of an AWS API, as IAM and the stand-ins see it. */
export interface AwsCall {
  /** The SigV4 service: `firehose`, `dynamodb`, `s3`, `secretsmanager`, `sqs`, … */
  readonly service: string;
  /** The API's name of it, such as `PutRecordBatch` or `ListObjectsV2`. */
  readonly operation: string;
  /** The IAM action that it needs, such as `s3:ListBucket`. */
  readonly action: string;
  /** The ARN it is about; `*` where the action knows no resource. */
  readonly resource: string;
  /** Condition keys, such as `aws:SecureTransport` and `s3:prefix`. */
  readonly context: Readonly<Record<string, string>>;
  readonly accessKeyId: string;
  readonly region: string;
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** The parsed body of a JSON or query protocol; empty for S3. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ServiceStandIn {
  readonly service: string;
  /** Every other operation is refused by name. */
  readonly operations: ReadonlySet<string>;
  handle(call: AwsCall): Promise<AwsAnswer>;
  /** The ARN, where only the stand-in can tell it: a secret's has a random suffix. */
  resourceOf?(call: AwsCall): string;
  /** Condition keys that only the stand-in can tell, such as a table's `dynamodb:LeadingKeys`. */
  contextOf?(call: AwsCall): Readonly<Record<string, string>>;
  /** Names a call of a protocol that is neither S3's, nor JSON with a target, nor the query protocol. */
  recognise?(request: SignedRequest): NamedCall | undefined;
}

export type Recognition =
  | { readonly kind: 'call'; readonly call: AwsCall }
  | { readonly kind: 'refused'; readonly service: string; readonly error: AwsError };

/**
 * Tells which operation of which service a request is, on which resource.
 *
 * @param authorization whose signature has been checked
 * @param standInOf finds the stand-in of a service, which may know its protocol better
 */
export function recogniseCall(
  { method, path, headers, body }: AwsRequest,
  authorization: SignedAuthorization,
  {
    accountId,
    standInOf,
  }: { readonly accountId: string; readonly standInOf: (service: string) => ServiceStandIn | undefined },
): Recognition {
  const { accessKeyId, scope } = authorization;
  const { region, service } = scope;
  const signed: SignedRequest = { method, path, headers, body, accessKeyId, region, service, accountId };
  try {
    const named = standInOf(service)?.recognise?.(signed) ?? nameCall(signed);
    if (!named) {
      const message = `${service}: ${method} ${path} is of no protocol that this gateway knows.`;
      return refused(service, 'UnknownOperationException', message);
    }
    const context = { ...commonContext(signed), ...named.context };
    return { kind: 'call', call: { ...signed, ...named, context, input: named.input ?? {} } };
  } catch (error) {
    return refused(service, 'SerializationException', (error as Error).message);
  }
}

function refused(service: string, code: string, message: string): Recognition {
  return { kind: 'refused', service, error: { status: 400, code, message } };
}

function nameCall(request: SignedRequest): NamedCall | undefined {
  return request.service === 's3' ? recogniseS3Call(request) : recogniseJsonCall(request);
}

/** Calls to AWS are made over TLS; that these come over plain loopback is the gateway's doing, not the caller's. */
function commonContext(request: SignedRequest): Record<string, string> {
  return { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': request.region };
}
