import { createHash, createHmac } from 'node:crypto';

/**
 * Signature Version 4, for calls of services whose client is no dependency. The benchmark's servers check everybody's
 * signatures with it, which proves it against the official clients'.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(request: SignedRequest, secretKey: string): string {
  const { date, region, service } = request.scope;
  const canonical = [
    request.method,
    request.path,
    request.query,
    ...request.signedHeaders.map((name) => `${name}:${request.headers[name]}`),
    '',
    request.signedHeaders.join(';'),
    request.payloadHash,
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  return createHmac('sha256', signingKey(secretKey, request.scope)).update(toSign).digest('hex');
}

/**
 * Signs a call. @param url its path and query stand as they are sent, with every name and value of the query encoded
 * and in order
 *
 * @returns all headers of the call but `host`
 */
export function signedHeaders(
  { method, url, headers = {}, payloadHash = emptyBodyHash }: CallToSign,
  { service, region, credentials, now }: Signing,
): Readonly<Record<string, string>> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = { date: time.slice(0, 8), region, service };
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const sent: Readonly<Record<string, string>> = {
    ...headers,
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const signed = { ...sent, host: url.host };
  const names = Object.keys(signed).toSorted();
  const [path, query] = [url.pathname, url.search.slice(1)];
  const request = { method, path, query, headers: signed, signedHeaders: names, payloadHash, scope };
  const credential = `${accessKeyId}/${scope.date}/${region}/${service}/aws4_request`;
  const signature = signatureOf(request, secretAccessKey);
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

export interface CallToSign {
  readonly method: string;
  readonly url: URL;
  /** More headers to sign, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hexadecimal; of an empty body when absent. */
  readonly payloadHash?: string;
}

export interface Signing {
  /** The name of the service in its signatures: `iam`, or `es` of OpenSearch domains. */
  readonly service: string;
  /** IAM's is `us-east-1` wherever the caller is. */
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface SignedRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** Sorted by name, as sent. */
  readonly query: string;
  /** By lower-case name; trimmed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lower-case, sorted. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  readonly scope: CredentialScope;
}

export interface CredentialScope {
  /** `20260301` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of an empty body, which a serverless collection of OpenSearch wants in `x-amz-content-sha256`. */
export const emptyBodyHash = sha256('');

/** Kept, as every client keeps it: it changes once a day. */
function signingKey(secretKey: string, { date, region, service }: CredentialScope): Buffer {
  const name = `${secretKey}/${date}/${region}/${service}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = [date, region, service, 'aws4_request'].reduce(
      (parent: Buffer, part) => createHmac('sha256', parent).update(part).digest(),
      Buffer.from(`AWS4${secretKey}`),
    );
    keys.set(name, key);
  }
  return key;
}

const keys = new Map<string, Buffer>();
