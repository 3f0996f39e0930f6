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
