import { createHash, createHmac } from 'node:crypto';

export interface Signing {
  /** Such as `es`, of OpenSearch domains, or `aoss`, of serverless collections. */
  readonly service: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Signs a GET without a body, for services that no client of the SDK among the dependencies speaks to.
 *
 * @param url its path and query must stand as they are sent, with every name and value of the query encoded and in order
 * @param headers more headers to sign, in lower case
 * @returns all headers of the call but `host`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signGet(
  url: URL,
  { service, region, credentials, now }: Signing,
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const sent: Readonly<Record<string, string>> = {
    ...headers,
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const signed = Object.entries({ ...sent, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const request = ['GET', url.pathname, url.search.slice(1), lines, names, sha256('')].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')).toString('hex');
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** SHA-256 of an empty body, which a collection wants in `x-amz-content-sha256`. */
export const emptyBodyHash = sha256('');

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
