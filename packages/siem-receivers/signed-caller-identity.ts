import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The holder of an AWS access key: the answer of AWS to GetCallerIdentity, and the secret that verifies a signature. */
export interface AwsIdentity {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** `arn:aws:iam::<account>:role/<path/name>`. */
  readonly roleArn: string;
  /** `AROA…:<session name>`'s session name; the function's name by default in Lambda. */
  readonly sessionName?: string;
}

/** A caller as Google's AWS provider sees it. */
export interface AwsAssertion {
  /** `arn:aws:sts::<account>:assumed-role/<name>/<session>`. */
  readonly arn: string;
  readonly account: string;
  /** The same without the session, Google's usual `attribute.aws_role`. */
  readonly awsRole: string;
  readonly roleName: string;
}

export interface IdentityRules {
  readonly identify: (accessKeyId: string) => AwsIdentity | undefined;
  /** The value that `x-goog-cloud-target-resource` must carry. */
  readonly audience: string;
  readonly now: number;
}

interface SignedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** AWS takes a signature for so long before and after its date. */
const skewMs = 15 * 60_000;

/**
 * Verifies a subject token as Google's token service has AWS do: a signed, unsent GetCallerIdentity request,
 * by Signature Version 4.
 * @returns what is wrong with it, as text
 */
export function verifyCallerIdentity(subjectToken: string, rules: IdentityRules): AwsAssertion | string {
  const request = readSubjectToken(subjectToken);
  if (typeof request === 'string') return request;
  const { url, method, headers } = request;
  if (method !== 'POST') return `the request is a ${method}`;
  if (!/^sts(\.[a-z0-9-]+)?\.amazonaws\.com$/.test(url.host) || url.pathname !== '/')
    return `the request is for ${url.host}`;
  if (url.search !== '?Action=GetCallerIdentity&Version=2011-06-15') return `the request is ${url.search}`;
  const target = headers.get('x-goog-cloud-target-resource');
  if (target !== rules.audience && target !== `https:${rules.audience}`)
    return `the target resource is ${target}`;
  if (headers.get('host') !== url.host) return 'the host header is another';

  const authorization =
    /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/(\d{8})\/([a-z0-9-]+)\/sts\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.get('authorization') ?? '',
    );
  if (authorization === null) return 'it is not signed with Signature Version 4 for sts';
  const [, accessKeyId, date, region, signedHeaders, signature] = authorization as unknown as string[];
  const identity = rules.identify(accessKeyId!);
  if (identity === undefined) return 'the access key is unknown';
  if (headers.get('x-amz-security-token') !== identity.sessionToken)
    return 'the session token is not of the access key';
  const signedAt = headers.get('x-amz-date') ?? '';
  if (!signedAt.startsWith(date!) || Math.abs(readAmzDate(signedAt) - rules.now) > skewMs)
    return `the date is ${signedAt}`;
  if (url.host !== 'sts.amazonaws.com' && url.host !== `sts.${region}.amazonaws.com`)
    return `the region is ${region}`;

  const names = signedHeaders!.split(';');
  const mustSign = ['host', 'x-amz-date', 'x-amz-security-token'].find((name) => !names.includes(name));
  if (mustSign !== undefined) return `${mustSign} is not signed`;
  const scope = `${date}/${region}/sts/aws4_request`;
  const expected = sign(request, names, { scope, signedAt, secret: identity.secretAccessKey });
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature!))) return 'the signature does not match';
  return assertionOf(identity);
}

function readSubjectToken(token: string): SignedRequest | string {
  try {
    const { url, method, headers, ...others } = JSON.parse(decodeURIComponent(token)) as {
      url: string;
      method: string;
      headers: { key: string; value: string }[];
    };
    if (Object.keys(others).length > 0) return `it has an unknown member ${Object.keys(others)[0]}`;
    return {
      url: new URL(url),
      method,
      headers: new Map(headers.map(({ key, value }) => [key.toLowerCase(), value])),
    };
  } catch {
    return 'it is not a serialized request';
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
function sign(
  { url, method, headers }: SignedRequest,
  names: readonly string[],
  { scope, signedAt, secret }: { readonly scope: string; readonly signedAt: string; readonly secret: string },
): string {
  const canonical = [
    method,
    url.pathname,
    url.search.slice(1),
    ...names.map((name) => `${name}:${(headers.get(name) ?? '').trim()}`),
    '',
    names.join(';'),
    sha256(''),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', signedAt, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<Buffer | string>((key, part) => hmac(key, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

function assertionOf({ roleArn, sessionName = 'session' }: AwsIdentity): AwsAssertion {
  const [, partition, account, path] = /^arn:([a-z-]+):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  if (path === undefined) throw new Error(`not a role's ARN: ${roleArn}`);
  const roleName = path.split('/').at(-1)!;
  const awsRole = `arn:${partition}:sts::${account}:assumed-role/${roleName}`;
  return { arn: `${awsRole}/${sessionName}`, account: account!, awsRole, roleName };
}

function readAmzDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
