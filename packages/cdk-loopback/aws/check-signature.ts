/**
 * The checks that AWS makes of a request's signature before it looks at anything else.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
import { type AuthProblem, authError } from './auth-refusal.ts';
import { readAuthorization, type SignedAuthorization } from './authorization-header.ts';
import { type AwsError, protocolOf } from './aws-error.ts';
import { type CredentialScope, type SignableRequest, sha256, signatureOf } from './signature.ts';
import type { AwsRequest } from './signed-request.ts';

export interface ReceivedRequest extends AwsRequest, SignableRequest {}

/** What the holder of an access key signs with. */
export interface Signer {
  signingKey(scope: CredentialScope): Buffer;
  /** The clock by which the holder dates its calls, in milliseconds since the epoch. */
  now(): number;
}

export type CheckedSignature =
  /** The signature holds, or nobody has the key: then the check of the credentials refuses the call. */
  | { readonly ok: true; readonly authorization: SignedAuthorization; readonly signer?: Signer }
  | {
      readonly ok: false;
      readonly service: string;
      readonly problem: AuthProblem;
      readonly error: AwsError;
      readonly signer?: Signer;
    };

/** @param region the only one whose endpoints answer here */
export function checkSignature(
  request: ReceivedRequest,
  {
    region,
    signerOf,
  }: { readonly region: string; readonly signerOf: (accessKeyId: string) => Signer | undefined },
): CheckedSignature {
  const read = readAuthorization(request.headers.authorization);
  if (read.kind === 'unsigned')
    return refusal(addressedService(request), ['unsigned', 'The request has no SigV4 Authorization header.']);
  if (read.kind === 'incomplete')
    return refusal(read.service ?? addressedService(request), ['incomplete', read.message]);
  const { authorization } = read;
  const signer = signerOf(authorization.accessKeyId);
  if (signer === undefined) return { ok: true, authorization };
  const found = findProblem(request, authorization, { region, signer });
  return found
    ? { ...refusal(authorization.scope.service, found), signer }
    : { ok: true, authorization, signer };
}

type Found = readonly [problem: AuthProblem, message: string];

function refusal(service: string, [problem, message]: Found): CheckedSignature & { readonly ok: false } {
  return { ok: false, service, problem, error: authError(service, problem, message) };
}

function findProblem(
  request: ReceivedRequest,
  authorization: SignedAuthorization,
  { region, signer }: { readonly region: string; readonly signer: Signer },
): Found | undefined {
  const signedAt = readDate(request);
  if (signedAt === undefined) {
    const message = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
    return ['incomplete', message];
  }
  return (
    wrongScope(request, authorization.scope, { region, signedAt }) ??
    unsignedHeader(request, authorization) ??
    skew(authorization.scope.service, signedAt, signer.now()) ??
    mismatch(request, authorization, { signedAt, signer })
  );
}

/** The service that an unsigned request is for, as far as its form tells. */
function addressedService({ headers }: AwsRequest): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return targetedService(target) ?? 'unknown';
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'sts' : 's3';
}

function targetedService(target: string): string | undefined {
  return services[target.slice(0, target.indexOf('.'))];
}

/** By the prefix of `X-Amz-Target`. */
const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  Firehose_20150804: 'firehose',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
  AmazonSQS: 'sqs',
  GraniteServiceVersion20100801: 'monitoring',
};

/** `20260301T093000Z`; undefined where the request has no date that can be read. */
function readDate({ headers }: AwsRequest): string | undefined {
  const stamp = headers['x-amz-date'];
  if (typeof stamp === 'string') return /^\d{8}T\d{6}Z$/.test(stamp) ? stamp : undefined;
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? undefined : basicTime(time);
}

function basicTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function wrongScope(
  request: AwsRequest,
  scope: CredentialScope,
  { region, signedAt }: { readonly region: string; readonly signedAt: string },
): Found | undefined {
  const day = signedAt.slice(0, 8);
  const isS3 = scope.service === 's3';
  // IAM has one endpoint for the partition, whose signatures are of this region.
  const expected = scope.service === 'iam' ? 'us-east-1' : region;
  if (scope.region !== expected) {
    const wrong = isS3
      ? `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${expected}'`
      : `Credential should be scoped to a valid region, not '${scope.region}'.`;
    return ['scope', wrong];
  }
  const target = request.headers['x-amz-target'];
  const addressed = typeof target === 'string' ? targetedService(target) : undefined;
  if (addressed !== undefined && addressed !== scope.service)
    return ['scope', `Credential should be scoped to correct service: '${addressed}'.`];
  if (scope.day === day) return undefined;
  const wrong = isS3
    ? `The authorization header is malformed; Invalid credential date "${scope.day}". This date is not the same as X-Amz-Date: "${day}".`
    : `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.day}' != '${day}', from '${signedAt}'.`;
  return ['scope', wrong];
}

/**
 * AWS makes the canonical request by itself, of names in order, each once, and of the headers that it got. A signature over
 * another list, or over a header that was not sent, is therefore another one, even if its maker signed just that.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "SignedHeaders"
 */
function isCanonicalList(signedHeaders: readonly string[], { headersDistinct }: ReceivedRequest): boolean {
  return signedHeaders.every(
    (name, index) => headersDistinct[name] !== undefined && (index === 0 || signedHeaders[index - 1]! < name),
  );
}

const mismatched =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';

/** `host` and every `x-amz-*` header has to be signed; S3 lets the hash go, since it is part of what is signed anyway. */
function unsignedHeader(request: ReceivedRequest, authorization: SignedAuthorization): Found | undefined {
  const { signedHeaders, scope } = authorization;
  const unsigned = Object.keys(request.headersDistinct).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
  );
  const isS3 = scope.service === 's3';
  const [first] = isS3 ? unsigned.filter((name) => name !== 'x-amz-content-sha256') : unsigned;
  if (first === undefined) return undefined;
  const message = isS3
    ? `There were headers present in the request which were not signed: ${first}`
    : `'${first}' must be a 'SignedHeader' in the AWS Authorization.`;
  return ['unsigned-header', message];
}

/**
 * S3 documents 15 minutes; IAM's guide says five "in most cases", which is what services of JSON protocols name in
 * their errors, Firehose among them, while STS names 15.
 */
const mostMinutes = { s3: 15, query: 15, json: 5, 'rest-json': 5 };

function skew(service: string, signedAt: string, now: number): Found | undefined {
  const protocol = protocolOf(service);
  const minutes = mostMinutes[protocol];
  const mostMs = minutes * 60_000;
  const behindMs = now - readBasicTime(signedAt);
  if (Math.abs(behindMs) <= mostMs) return undefined;
  if (protocol === 's3')
    return ['skewed', 'The difference between the request time and the current time is too large.'];
  const message =
    behindMs > 0
      ? `Signature expired: ${signedAt} is now earlier than ${basicTime(now - mostMs)} (${basicTime(now)} - ${minutes} min.)`
      : `Signature not yet current: ${signedAt} is still later than ${basicTime(now + mostMs)} (${basicTime(now)} + ${minutes} min.)`;
  return ['skewed', message];
}

function readBasicTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function mismatch(
  request: ReceivedRequest,
  { scope, signedHeaders, signature }: SignedAuthorization,
  { signedAt, signer }: { readonly signedAt: string; readonly signer: Signer },
): Found | undefined {
  const bodyHash = sha256(request.body);
  // Only S3 goes by the header; every other service hashes what it was sent.
  const payloadHash = scope.service === 's3' ? request.headers['x-amz-content-sha256'] : bodyHash;
  if (typeof payloadHash !== 'string')
    return ['no-payload-hash', 'Missing required header for this request: x-amz-content-sha256'];
  const expected = signatureOf(
    request,
    { signedHeaders, payloadHash, signedAt, scope },
    signer.signingKey(scope),
  );
  if (expected !== signature || !isCanonicalList(signedHeaders, request)) return ['mismatch', mismatched];
  if (payloadHash === bodyHash || unhashed.has(payloadHash)) return undefined;
  return ['payload', "The provided 'x-amz-content-sha256' header does not match what was computed."];
}

/** What S3 takes in place of a hash; chunks that are signed one by one are not known here, and no SDK of Node sends them. */
const unhashed = new Set(['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER']);
