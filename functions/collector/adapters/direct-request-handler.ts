import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Sends the AWS clients' requests by Node's own client on keep-alive sockets. The clients' default handler does
 * the same at a higher price: a copy of each body, streams around small answers, and four timers a call.
 *
 * @param answerWithinMs time from the call until its answer is complete
 * @param tls authorities other than Node's own
 * @see ../../../docs/decisions/0011-aws-clients-and-memory-on-the-hot-path.md
 */
export function directRequestHandler(
  answerWithinMs: number,
  tls: { readonly ca?: string } = {},
): DirectRequestHandler {
  const http = new HttpAgent(keepAlive);
  const https = new HttpsAgent({ ...keepAlive, ...tls });
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, options = {}) {
      const abortSignal = options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
      abortSignal?.throwIfAborted();
      const outgoing = open(request, request.protocol === 'https:' ? https : http);
      return { response: await exchange(outgoing, request, { answerWithinMs, abortSignal }) };
    },
    destroy() {
      http.destroy();
      https.destroy();
    },
    httpHandlerConfigs: () => ({}),
    updateHttpClientConfig() {},
  };
}

/** The same values as the clients' default handler has. */
const keepAlive = { keepAlive: true, maxSockets: 50 };

/** The members of a `requestHandler` that the clients use. */
export interface DirectRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  /** @throws Node's connection error, which the clients can tell apart; `TimeoutError`; the abort's reason */
  handle(
    request: ClientHttpRequest,
    options?: { readonly abortSignal?: unknown },
  ): Promise<{ readonly response: ClientHttpResponse }>;
  destroy(): void;
  httpHandlerConfigs(): object;
  updateHttpClientConfig(): void;
}

interface ClientHttpRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface ClientHttpResponse {
  readonly statusCode: number;
  readonly reason: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream for a GET, which may bring a large object; otherwise the bytes. */
  readonly body: Uint8Array | IncomingMessage;
}

function open(request: ClientHttpRequest, agent: HttpAgent | HttpsAgent): ClientRequest {
  const { hostname, port, method, headers } = request;
  const options = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    method,
    headers,
    agent,
    path: pathOf(request),
  };
  return request.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
}

function pathOf({ path, query }: ClientHttpRequest): string {
  const parameters = Object.entries(query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each: string | null) =>
      each === null ? encode(name) : `${encode(name)}=${encode(each)}`,
    ),
  );
  return parameters.length === 0 ? path : `${path}?${parameters.sort().join('&')}`;
}

/** Encodes as AWS's signature does, which is stricter than `encodeURIComponent`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function exchange(
  outgoing: ClientRequest,
  request: ClientHttpRequest,
  { answerWithinMs, abortSignal }: { readonly answerWithinMs: number; readonly abortSignal?: AbortSignal },
): Promise<ClientHttpResponse> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => outgoing.destroy(noAnswer(answerWithinMs)), answerWithinMs);
    const abort = () => outgoing.destroy(abortSignal!.reason);
    abortSignal?.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      abortSignal?.removeEventListener('abort', abort);
    };
    outgoing.once('close', settle);
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const answer = {
        statusCode: response.statusCode!,
        reason: response.statusMessage,
        headers: response.headers as Readonly<Record<string, string>>,
      };
      // The abort listener goes before the caller is told. A caller that then aborts would end a socket for reuse.
      response.once('end', settle);
      if (request.method === 'GET') resolve({ ...answer, body: response });
      else bytesOf(response).then((body) => resolve({ ...answer, body }), reject);
    });
    sendBody(outgoing, request.body);
  });
}

/** The error has the name by which the clients know that they may try again. */
function noAnswer(answerWithinMs: number): Error {
  return Object.assign(new Error(`no answer within ${answerWithinMs} ms`), { name: 'TimeoutError' });
}

/** Writes headers and body separately. Node would join them, which for TLS means a copy of the whole body. */
function sendBody(outgoing: ClientRequest, body: unknown): void {
  if (!(body instanceof Uint8Array) || body.length < smallBody) {
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  const write = () => outgoing.write(body, () => outgoing.end());
  outgoing.once('socket', (socket: Socket) => {
    if (socket instanceof TLSSocket && !outgoing.reusedSocket)
      socket.once('secureConnect', () => setImmediate(write));
    else if (socket.connecting) socket.once('connect', () => setImmediate(write));
    else setImmediate(write);
  });
}

/** Below this size, one write with a copy costs less than two writes. */
const smallBody = 256 * 1024;

async function bytesOf(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('error', reject);
    response.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
  });
}
