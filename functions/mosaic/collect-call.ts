import type { AnswerEncoding } from '../answer.ts';
import { retryAfterMs } from '../retry-after.ts';
import { collectUrl, type StreamAddress } from './address.ts';
import { authorizedCall, type CallOutcome } from './authorized-call.ts';
import type { CollectOutcome, CollectRequest, NothingConsumed } from './collect-outcome.ts';
import { describeAnswer } from './error-text.ts';
import type { Answered } from './exchange.ts';
import { withAdvice } from './lifecycle.ts';
import type { Mosaic } from './mosaic.ts';

/**
 * Takes the next batch of a stream: reading consumes, and nothing brings it back.
 *
 * The body is left as it came off the wire, compressed where Mosaic compressed it.
 *
 * @throws {RelayError} what `readCredentials` throws; nothing was consumed
 * @see the vendor's Event Streaming API, POST /activities/collect
 */
export async function collect(
  mosaic: Mosaic,
  address: StreamAddress,
  request: CollectRequest,
): Promise<CollectOutcome> {
  const outcome = await authorizedCall(mosaic, {
    method: 'POST',
    url: collectUrl(mosaic.options, address, request.batchSize),
    headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
    body: '{}',
    timeoutMs: request.timeoutMs,
    signal: request.signal,
    capBytes: mosaic.options.wireCapBytes,
  });
  return outcome.kind === 'answered' ? readAnswer(mosaic, outcome) : withoutAnswer(outcome);
}

function withoutAnswer(outcome: Exclude<CallOutcome, Answered>): CollectOutcome {
  switch (outcome.kind) {
    case 'no-token':
      return {
        kind: 'nothing-consumed',
        reason: outcome.reason,
        status: outcome.status,
        retryAfterMs: outcome.retryAfterMs,
        message: outcome.message,
      };
    case 'not-sent':
      return {
        kind: 'nothing-consumed',
        reason: 'not-sent',
        message: `collect was not sent: ${outcome.message}`,
      };
    case 'no-answer':
      return {
        kind: 'unknown',
        reason: outcome.reason,
        message: `collect was sent, then: ${outcome.message}`,
      };
  }
}

function readAnswer(mosaic: Mosaic, answer: Answered): CollectOutcome {
  const { status } = answer;
  if (status >= 200 && status <= 299) return readBatch(mosaic, answer);
  const message = describeAnswer('collect', answer);
  if (status === 410) return { kind: 'retired', message: withAdvice(message, 'retired') };
  if (status >= 500 && status <= 599) return { kind: 'unknown', reason: 'server-error', status, message };
  const reason = reasons.get(status);
  if (reason === undefined) return { kind: 'unknown', reason: 'unexpected-status', status, message };
  return {
    kind: 'nothing-consumed',
    reason,
    status,
    retryAfterMs:
      status === 429 ? retryAfterMs(answer.headers['retry-after'], mosaic.options.now()) : undefined,
    message,
  };
}

/**
 * Statuses that say that nothing was consumed; 408, 499 and the like come after the origin may have. A redirect sends the request elsewhere
 * undone; not so 303, which answers a POST that was carried out, and 304, which answers none: those are unknown.
 */
const reasons: ReadonlyMap<number, NothingConsumed> = new Map([
  [301, 'request-refused'],
  [302, 'request-refused'],
  [307, 'request-refused'],
  [308, 'request-refused'],
  [400, 'request-refused'],
  [401, 'credential-refused'],
  [403, 'not-started'],
  [404, 'stream-missing'],
  [405, 'request-refused'],
  [406, 'request-refused'],
  [411, 'request-refused'],
  [413, 'request-refused'],
  [414, 'request-refused'],
  [415, 'request-refused'],
  [422, 'request-refused'],
  [429, 'throttled'],
  [431, 'request-refused'],
]);

function readBatch(mosaic: Mosaic, answer: Answered): CollectOutcome {
  const { status, body: received } = answer;
  const encoding = encodingOf(answer.headers['content-encoding']);
  const partial = received.length > 0 ? { received, encoding } : undefined;
  switch (answer.end) {
    case 'whole':
      // A stream with nothing to give may answer 204, or 200 and no body.
      return {
        kind: 'answer',
        answer: partial ?? { received: emptyArray, encoding: 'identity' },
        release: answer.release,
      };
    case 'cut-off':
      return { kind: 'unknown', reason: 'cut-off', status, partial, message: cutOffMessage(answer) };
    case 'timeout':
      return { kind: 'unknown', reason: 'timeout', status, partial, message: cutOffMessage(answer) };
    case 'above-cap': {
      const message = `collect answered ${status} with more than the ${mosaic.options.wireCapBytes} bytes that are read: the batch is given up`;
      return { kind: 'unknown', reason: 'above-wire-cap', status, message };
    }
  }
}

const emptyArray = new TextEncoder().encode('[]');

/** Of an encoding that was never asked for the bytes stay as they are, and end in quarantine as no JSON. */
function encodingOf(header: string | undefined): AnswerEncoding {
  const name = header?.trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  return name === 'zstd' ? 'zstd' : 'identity';
}

function cutOffMessage(answer: Answered): string {
  const arrived = answer.body.length;
  const declared = Number(answer.headers['content-length']);
  const share = declared > 0 ? `${Math.floor((100 * arrived) / declared)} %` : 'an unknown share';
  const why = answer.end === 'timeout' ? 'time ran out' : 'the connection ended';
  return `collect answered ${answer.status}, and ${why} after ${arrived} bytes, ${share} of the body`;
}
