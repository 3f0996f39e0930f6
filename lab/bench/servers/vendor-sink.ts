import type { RequestListener } from 'node:http';
import { world } from '../world.ts';
import { bodyOf, reply } from './request-body.ts';
import type { ServedRound } from './round.ts';

/**
 * A stand-in for Azure's HTTP Data Collector API, written for the benchmark: what the vendor's connector writes to.
 * It takes a JSON array of events in plain text, signed over little more than its length.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/data-collector-api
 */
export function createVendorSink(round: ServedRound): RequestListener {
  return async (request, response) => {
    const body = await bodyOf(request);
    const signed = request.headers.authorization?.startsWith('SharedKey ') && request.headers['x-ms-date'];
    if (request.url?.split('?')[0] !== world.sinkPath || !signed) return reply(response, 403, '{}');
    if (round.check) round.seen.delivered += (JSON.parse(asJson(body)) as unknown[]).length;
    reply(response, 200, '');
  };
}

/** Python writes a number that no double holds as a word that is no JSON. */
function asJson(body: Buffer): string {
  return body.toString().replace(/([:[,] ?)-?(Infinity|NaN)/g, '$10');
}
