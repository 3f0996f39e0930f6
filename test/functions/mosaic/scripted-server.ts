import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Credentials } from '../../../functions/mosaic/credentials.ts';
import { type Mosaic, type MosaicOptions, openMosaic } from '../../../functions/mosaic/mosaic.ts';
import { createTokenCache } from '../../../functions/mosaic/token-cache.ts';

/** What one request looked like; `socket` tells whether a connection was reused. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly socket: Socket;
}

export type Script = (response: ServerResponse, seen: Seen) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The requests of one path's last word: `token`, `collect`, `start-collect`, `stream`. */
  seenOf(word: string): readonly Seen[];
}

/** A server that answers each call by its path's last word, in order, the last script again and again. */
export async function startScripted(
  scripts: Readonly<Record<string, Script | readonly Script[]>>,
): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      const call = { method, url, headers, socket, body: Buffer.concat(chunks).toString() };
      const word = wordOf(url);
      const before = seen.filter((other) => wordOf(other.url) === word).length;
      seen.push(call);
      const listed = scripts[word] ?? (word === 'token' ? token() : status(599));
      const list = typeof listed === 'function' ? [listed] : listed;
      list[Math.min(before, list.length - 1)]?.(response, call);
    });
  };
  const server = createServer({ maxHeaderSize: 128 * 1024 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    seenOf: (word) => seen.filter((call) => wordOf(call.url) === word),
  };
}

function wordOf(url: string): string {
  return url.split('?')[0]?.split('/').at(-1) ?? '';
}

export function status(code: number, body = '', headers: Readonly<Record<string, string>> = {}): Script {
  return (response) => {
    response.writeHead(code, headers).end(body);
  };
}

export function token(value = 'token-1', members: Readonly<Record<string, unknown>> = {}): Script {
  const body = { access_token: value, token_type: 'Bearer', expires_in: 3600, scope: '', ...members };
  return status(200, JSON.stringify(body), { 'content-type': 'application/json' });
}

export function openTestMosaic(url: string, options: Partial<MosaicOptions> = {}): Mosaic {
  const mosaic = openMosaic({
    url,
    apiVersion: 'v1',
    readCredentials: async () => credentials,
    tokens: createTokenCache(),
    now: () => 1_700_000_000_000,
    wireCapBytes: 1024 * 1024,
    ...options,
  });
  onTestFinished(() => mosaic.close());
  return mosaic;
}

export const credentials: Credentials = {
  clientId: 'client-1',
  clientSecret: 'first secret/of+many=odd&signs',
};

export const verifyStream = { type: 'verify', streamId: 'siem' };

export function collectRequest(overrides: { readonly batchSize?: number; readonly timeoutMs?: number } = {}) {
  return { batchSize: 1000, timeoutMs: 20_000, signal: new AbortController().signal, ...overrides };
}
