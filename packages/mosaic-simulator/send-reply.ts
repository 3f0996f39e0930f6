import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { CallPlan, Failure } from './call-plan.ts';
import type { Reply } from './stream.ts';
import type { Switches } from './switches.ts';

/**
 * Puts a reply on the wire.
 *
 * @returns whether all of it was handed to the network
 */
export function sendReply(
  response: ServerResponse,
  reply: Reply,
  {
    plan,
    switches,
    accepts,
  }: { readonly plan: CallPlan; readonly switches: Switches; readonly accepts: string },
): Promise<boolean> {
  const packs = switches.has('gzip') && /\bgzip\b/.test(accepts) && reply.body.length > 0;
  const packed = packs && reply.headers['content-encoding'] === undefined;
  const body = packed ? gzipSync(reply.body, { level: 1 }) : reply.body;
  const headers = {
    ...reply.headers,
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
    ...(switches.has('chunked') || reply.status === 204 ? {} : { 'content-length': String(body.length) }),
  };
  return new Promise((resolve) => {
    response.on('close', () => resolve(response.writableFinished));
    response.writeHead(reply.status, headers);
    if (plan.cutOff && reply.taken !== undefined) {
      response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
    } else {
      response.end(body);
    }
  });
}

/** Fails in place of an answer. A silent one resolves when the caller has gone. */
export function fail(response: ServerResponse, failure: Failure): Promise<void> {
  return new Promise((resolve) => {
    response.on('close', () => resolve());
    if (failure.kind === 'status') {
      const body = Buffer.from(failure.body ?? '');
      const headers = {
        'content-type': 'text/plain',
        'content-length': String(body.length),
        ...failure.headers,
      };
      response.writeHead(failure.status, headers).end(body);
    } else if (failure.kind === 'reset') {
      // A reset and not an orderly end; under TLS only the latter is at hand.
      const { socket } = response;
      if (socket !== null && 'encrypted' in socket) socket.destroy();
      else socket?.resetAndDestroy();
    }
  });
}
