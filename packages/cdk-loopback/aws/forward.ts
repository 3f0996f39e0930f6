import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { AwsResponse } from './aws-answer.ts';
import type { AwsCall } from './aws-call.ts';

/** Passes calls on to a server that runs in this process; bodies of answers are streamed. */
export interface Forwarder {
  /** A call that meets a connection which its server is just closing is made again on another. */
  forward(call: ForwardedCall): Promise<AwsResponse>;
  close(): void;
}

type ForwardedCall = Pick<AwsCall, 'method' | 'path' | 'headers' | 'body'>;

/**
 * @param port of the server, on loopback
 * @see https://nodejs.org/api/http.html#requestreusedsocket
 */
export function createForwarder(port: number): Forwarder {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const attempt = (call: ForwardedCall): Promise<AwsResponse> =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, agent, method: call.method, path: call.path };
      const outgoing = request({ ...options, headers: passedOn(call.headers, call.body.byteLength) });
      outgoing.on('response', (incoming) => {
        const headers = endToEnd(incoming.headers) as AwsResponse['headers'];
        resolve({ status: incoming.statusCode ?? 502, headers, body: incoming });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was taken: it has seen nothing of the call.
        const unseen = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (unseen) attempt(call).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(call.body);
    });
  return { forward: attempt, close: () => agent.destroy() };
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'expect',
  'te',
  'trailer',
  'upgrade',
]);

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}

/** The body was read whole, so its length is known even where it came in chunks. */
function passedOn(headers: IncomingHttpHeaders, length: number): IncomingHttpHeaders {
  const kept = endToEnd(headers);
  return length > 0 || headers['content-length'] !== undefined
    ? { ...kept, 'content-length': String(length) }
    : kept;
}
