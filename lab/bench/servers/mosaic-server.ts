import type { RequestListener } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { world } from '../world.ts';
import { bodyOf, reply } from './request-body.ts';
import type { ServedRound } from './round.ts';

const json = { 'content-type': 'application/json; charset=utf-8' };

/**
 * A stand-in for Mosaic's Event Streaming API, written for the benchmark after the vendor's API reference: the token
 * endpoint and collect, which takes a POST and, as the vendor's connector sends it, a GET. It refuses the rest.
 */
export function createMosaicServer(round: ServedRound): RequestListener {
  return async (request, response) => {
    const arrivedAt = performance.now();
    const url = new URL(request.url!, 'https://localhost');
    const body = await bodyOf(request);
    if (url.pathname === world.tokenPath && request.method === 'POST') {
      const form = new URLSearchParams(body.toString());
      if (form.get('client_secret') !== world.clientSecret)
        return reply(response, 401, '{"error":"invalid_client"}');
      return reply(
        response,
        200,
        JSON.stringify({ access_token: world.token, expires_in: 3_600, token_type: 'Bearer' }),
      );
    }
    if (url.pathname !== world.collectPath) return reply(response, 404, '{"message":"no such path"}');
    if (request.headers.authorization !== `Bearer ${world.token}`) {
      return reply(response, 401, '{"message":"Unauthorized"}');
    }
    if (url.searchParams.get('type') === null || url.searchParams.get('stream_id') === null) {
      return reply(response, 406, '{"message":"stream_id parameter is required"}');
    }
    round.seen.collects.push(arrivedAt);
    if (round.delays.collect > 0) await after(round.delays.collect);
    if (round.left === 0) return reply(response, 201, '[]');
    round.left -= 1;
    const batch = round.batches[round.left % round.batches.length]!;
    if (!round.gzip || !/\bgzip\b/.test(String(request.headers['accept-encoding'])))
      return reply(response, 201, batch.body);
    reply(response, 201, batch.gzip, { ...json, 'content-encoding': 'gzip' });
  };
}
