import type { SignedRequest } from '../signed-request.ts';

/** The parts of a path, decoded, and the query: what the REST-JSON protocol puts its parameters into. */
export function readPath(request: Pick<SignedRequest, 'path'>): {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
} {
  const url = new URL(request.path, 'http://aws');
  const parts = url.pathname.split('/').filter((part) => part !== '');
  return { parts: parts.map(decodeURIComponent), query: url.searchParams };
}

/** @throws when a body is no JSON object */
export function readJsonObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  const text = Buffer.from(body).toString('utf8');
  if (text === '') return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('The request body is not a JSON object.');
  }
  return value as Readonly<Record<string, unknown>>;
}
