import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Faults, type Refuse, takeRefusal } from './faults.ts';
import type { Refusal } from './receiver.ts';

/** One call, read whole. */
export interface Call {
  readonly method: string;
  /** Path and query, byte for byte as they came. */
  readonly target: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Why it is a refusal, for `refusals`; absent for success. */
  readonly refusal?: string;
}

/** Instead of an answer: the caller waits until it gives up. */
export const noAnswer = Symbol('no answer');

export interface LoopbackOptions {
  readonly handle: (call: Call) => Answer | typeof noAnswer | Promise<Answer | typeof noAnswer>;
  readonly faults: Faults;
  /** The body of a refusal that was switched on. */
  readonly refuse: (refuse: Refuse) => Answer;
  readonly clock: { now(): number };
}

export interface LoopbackServer {
  readonly url: string;
  readonly refusals: readonly Refusal[];
  close(): Promise<void>;
}

/** An HTTP server on a free port of 127.0.0.1 that acts out the faults of a receiver. */
export async function startLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  const refusals: Refusal[] = [];
  const server = createServer((request, response) => {
    // A caller that breaks off while its call is read is its own affair.
    serve(request, response, options, refusals).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET')
        refusals.push({ at: options.clock.now(), status: 500, reason: String(error) });
      request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { handle, faults, refuse, clock }: LoopbackOptions,
  refusals: Refusal[],
): Promise<void> {
  if (faults.down) {
    request.socket.destroy();
    return;
  }
  const call = await readCall(request);
  const refusal = takeRefusal(faults, call.path);
  const answer = faults.hang
    ? noAnswer
    : refusal
      ? { refusal: 'switched on', ...refuse(refusal) }
      : await handle(call);
  if (answer === noAnswer) return;
  if (answer.refusal !== undefined)
    refusals.push({ at: clock.now(), status: answer.status, reason: answer.refusal });
  if (faults.slowMs > 0) await wait(faults.slowMs);
  if (faults.dropAnswers > 0 && answer.status < 300) {
    faults.dropAnswers -= 1;
    request.socket.destroy();
    return;
  }
  const body = answer.body === undefined ? Buffer.alloc(0) : Buffer.from(answer.body as Uint8Array);
  const length = answer.status === 204 ? {} : { 'content-length': String(body.length) };
  response.writeHead(answer.status, { ...length, ...answer.headers }).end(body);
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://receiver');
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: request.method ?? '',
    target: request.url ?? '/',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}
