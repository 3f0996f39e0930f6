/**
 * Signature Version 4: the canonical form of a request, and the signature that belongs to it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';

export interface SignableRequest {
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  /** Each header's values in the order in which they were sent, by lower-case name. */
  readonly headersDistinct: NodeJS.Dict<string[]>;
}

/** The day, region and service that a signing key is good for. */
export interface CredentialScope {
  /** `20260301` */
  readonly day: string;
  readonly region: string;
  /** `s3`, `dynamodb`, `firehose`, … */
  readonly service: string;
}

export interface SignedParts {
  /** Lower-case names, in the order in which the signer gave them. */
  readonly signedHeaders: readonly string[];
  /** SHA-256 of the body in hexadecimal digits, or the word that stands in its place. */
  readonly payloadHash: string;
  /** `20260301T093000Z` */
  readonly signedAt: string;
  readonly scope: CredentialScope;
}

/** @returns 64 hexadecimal digits */
export function signatureOf(request: SignableRequest, parts: SignedParts, signingKey: Buffer): string {
  const canonical = canonicalRequest(request, parts);
  // Headers are read as Latin-1, so this gives back the bytes that were sent.
  const hash = sha256(Buffer.from(canonical, 'latin1'));
  const toSign = `AWS4-HMAC-SHA256\n${parts.signedAt}\n${scopeText(parts.scope)}\n${hash}`;
  return createHmac('sha256', signingKey).update(toSign).digest('hex');
}

export function deriveSigningKey(secretAccessKey: string, { day, region, service }: CredentialScope): Buffer {
  return [day, region, service, 'aws4_request'].reduce(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function scopeText({ day, region, service }: CredentialScope): string {
  return `${day}/${region}/${service}/aws4_request`;
}

function canonicalRequest({ method, path, headersDistinct }: SignableRequest, parts: SignedParts): string {
  const { signedHeaders, payloadHash, scope } = parts;
  const [pathname, query] = splitAt(path, '?');
  return [
    method,
    scope.service === 's3' ? encodeOnce(pathname) : encodeTwice(pathname),
    canonicalQuery(query ?? ''),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(headersDistinct[name])}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function canonicalValue(values: readonly string[] = []): string {
  return values.map((value) => value.trim().replace(/\s+/g, ' ')).join(',');
}

/** S3 takes the path as it is, with `//` and `..`, since a key may contain them. */
function encodeOnce(pathname: string): string {
  return pathname
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
}

/** Every other service encodes the path that was sent, which is encoded already, after it has resolved `//` and `..`. */
function encodeTwice(pathname: string): string {
  const kept: string[] = [];
  for (const segment of pathname.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const end = kept.length > 0 && pathname.endsWith('/') ? '/' : '';
  return `/${kept.map(encode).join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  return parameters
    .map((parameter) => splitAt(parameter, '=').map((part) => encode(decode(part ?? ''))))
    .sort(([a, x], [b, y]) => compare(a!, b!) || compare(x!, y!))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code unit: `localeCompare` would sort capitals among small letters. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function splitAt(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A text that is not percent-encoded stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All but letters, digits, `-`, `.`, `_` and `~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
