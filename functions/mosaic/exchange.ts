import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
} from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { networkFailure } from '../shown-failure.ts';
import { readBody } from './read-body.ts';

/** The sockets that an exchange may use again. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export interface ExchangeRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From now until the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The most bytes of a 2xx body; of any other only the first 4 KiB are kept. */
  readonly capBytes: number;
}

export type Exchange =
  /** Not a byte of the request was given to a socket. */
  | { readonly kind: 'not-sent'; readonly message: string }
  /** The request was, or may have been, sent, and no status came back. */
  | { readonly kind: 'no-answer'; readonly reason: 'timeout' | 'reset'; readonly message: string }
  | Answered;

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What arrived of the body; empty when it is above the cap. */
  readonly body: Uint8Array;
  readonly end: 'whole' | 'cut-off' | 'timeout' | 'above-cap';
  /** Lets the memory of `body` be used again, once nothing reads it any more; to be called once at most. */
  release(): void;
}

/**
 * One HTTP exchange, told apart by what the other side can have seen of it. Never throws for the network.
 *
 * Nothing is written until the socket is connected and, for TLS, the certificate was accepted: so an error
 * before that point proves that the request was not sent. After it every failure counts as sent, also a reset on
 * a reused socket: the bytes may have left.
 */
export async function exchange(agents: Agents, request: ExchangeRequest): Promise<Exchange> {
  const deadline = performance.now() + request.timeoutMs;
  for (;;) {
    const timeoutMs = Math.max(0, deadline - performance.now());
    const outcome = await attempt(agents, { ...request, timeoutMs });
    // Each stale socket is gone from the pool afterwards, so this ends.
    if (outcome !== 'stale-socket') return outcome;
  }
}

function attempt(agents: Agents, request: ExchangeRequest): Promise<Exchange | 'stale-socket'> {
  if (request.signal?.aborted)
    return Promise.resolve({ kind: 'not-sent', message: 'given up by the caller' });
  return new Promise((resolve) => {
    const progress: Progress = { sent: false, answered: false, stale: false, gaveUp: undefined };
    let outgoing: ClientRequest;
    try {
      outgoing = startRequest(agents, request);
    } catch (error) {
      // An address or header that Node refuses to send.
      resolve({ kind: 'not-sent', message: networkFailure(error) });
      return;
    }
    const giveUp = (why: string) => {
      progress.gaveUp ??= why;
      outgoing.destroy();
    };
    const timer = setTimeout(
      () => giveUp(`no answer within ${Math.round(request.timeoutMs)} ms`),
      request.timeoutMs,
    );
    const abort = () => giveUp('given up by the caller');
    request.signal?.addEventListener('abort', abort, { once: true });
    const settle = (outcome: Exchange | 'stale-socket') => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
      resolve(outcome);
    };

    outgoing.on('socket', (socket) => sendWhenReady(outgoing, socket, { request, progress }));
    outgoing.on('response', async (response) => {
      progress.answered = true;
      // The socket is read here because Node removes it from a response that has ended.
      const { socket } = response;
      const status = response.statusCode ?? 0;
      const success = status >= 200 && status <= 299;
      const { bytes, end, release } = await readBody(response, success ? request.capBytes : errorBodyBytes, {
        keepBeginning: !success,
      });
      // Bytes that are left unread would come before the next answer.
      if (end !== 'whole') socket.destroy();
      const timedOut = end === 'cut-off' && progress.gaveUp !== undefined;
      settle({
        kind: 'answered',
        status,
        headers: response.headers,
        body: bytes,
        end: timedOut ? 'timeout' : end,
        release,
      });
    });
    let failure: unknown;
    outgoing.on('error', (error) => {
      failure ??= error;
    });
    // Comes after `error`, and alone where a 101 or a destroyed agent ended the socket.
    outgoing.on('close', () => {
      if (!progress.answered) settle(withoutAnswer(progress, failure));
    });
  });
}

interface Progress {
  sent: boolean;
  answered: boolean;
  /** The pool handed out a socket that the server had closed already. */
  stale: boolean;
  gaveUp: string | undefined;
}

function startRequest(agents: Agents, request: ExchangeRequest): ClientRequest {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const options = {
    method: request.method,
    headers: { ...request.headers, 'content-length': String(Buffer.byteLength(request.body)) },
    agent: secure ? agents.https : agents.http,
  };
  const outgoing = secure ? httpsRequest(url, options) : httpRequest(url, options);
  // Node would drop headers past the 2,000th in silence, content-encoding among them; 16 KiB bound them anyway.
  outgoing.maxHeadersCount = 0;
  return outgoing;
}

function sendWhenReady(
  outgoing: ClientRequest,
  socket: Socket,
  { request, progress }: { readonly request: ExchangeRequest; readonly progress: Progress },
): void {
  const send = () => {
    if (outgoing.destroyed) return;
    if (socket.destroyed || !socket.writable) {
      progress.stale = true;
      outgoing.destroy();
      return;
    }
    progress.sent = true;
    outgoing.end(request.body);
  };
  // On a reused socket, look once more whether a close has arrived: the second immediate comes after a poll.
  if (outgoing.reusedSocket) setImmediate(() => setImmediate(send));
  else if (socket instanceof TLSSocket) socket.once('secureConnect', send);
  else if (socket.connecting) socket.once('connect', send);
  else send();
}

function withoutAnswer(progress: Progress, failure: unknown): Exchange | 'stale-socket' {
  const message =
    progress.gaveUp ?? (failure === undefined ? 'the connection was closed' : networkFailure(failure));
  if (progress.sent) {
    return { kind: 'no-answer', reason: progress.gaveUp === undefined ? 'reset' : 'timeout', message };
  }
  return progress.stale && progress.gaveUp === undefined ? 'stale-socket' : { kind: 'not-sent', message };
}

/** Enough for any text that is shown, also where it is compressed. */
const errorBodyBytes = 4096;
