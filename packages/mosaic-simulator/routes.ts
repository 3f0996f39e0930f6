import type { IncomingHttpHeaders } from 'node:http';

/** One request, read whole. */
export interface Request {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Operation =
  | 'token'
  | 'start-collect'
  | 'stop-collect'
  | 'create-stream'
  | 'delete-stream'
  | 'collect'
  /** The two GETs that the API once had. */
  | 'removed';

export interface Route {
  readonly operation: Operation;
  /** The API's version; of the token endpoint ''. */
  readonly version: string;
  /** The query parameters that the contract knows. */
  readonly parameters: readonly string[];
}

/** The route of a request, or the status that says what is wrong with it: 404 for the path, 405 for the method. */
export function findRoute(method: string, path: string, versions: readonly string[]): Route | 404 | 405 {
  if (path === '/oidc/token') {
    return method === 'POST' ? { operation: 'token', version: '', parameters: [] } : 405;
  }
  const [, version = '', word = ''] = /^\/activities\/([^/]+)\/activities\/([^/]+)$/.exec(path) ?? [];
  const methods = versions.includes(version) ? operations[word] : undefined;
  if (methods === undefined) return 404;
  const found = methods[method];
  return found === undefined ? 405 : { operation: found[0], version, parameters: found.slice(1) };
}

/** By the last word of the path and the method: the operation and its query parameters. */
const operations: Readonly<Record<string, Readonly<Record<string, readonly [Operation, ...string[]]>>>> = {
  'start-collect': { PUT: ['start-collect', 'type'] },
  'stop-collect': { DELETE: ['stop-collect', 'type'] },
  stream: {
    PUT: ['create-stream', 'type', 'stream_id', 'retention', 'enrichment'],
    DELETE: ['delete-stream', 'type', 'stream_id'],
  },
  collect: { POST: ['collect', 'type', 'stream_id', 'batch_size'] },
  user: { GET: ['removed', 'batch_size'] },
  admin: { GET: ['removed', 'batch_size'] },
};
