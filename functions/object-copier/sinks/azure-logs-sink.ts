import { RelayError } from '../../relay-error.ts';
import { retryAfterMs } from '../../retry-after.ts';
import { shownCode } from '../../shown-words.ts';
import { deliveredLines } from '../../stored/delivered-object.ts';
import type { AccessTokens, Busy, Clock, ObjectSink, Poison, Refused } from '../ports.ts';
import { asRows, groupLines } from './array-calls.ts';
import { asksForPatience, call } from './http-call.ts';
import { patiently } from './patience.ts';

/**
 * The API takes 1 MB a call, counted before compression. Its reference does not say whether 1 MB is 1,048,576
 * bytes.
 */
const callBytes = 1_000_000;

/**
 * A gzip member takes twice its bytes while it is decompressed, beside an object of up to 128 MiB and in a function of
 * 1,024 MB. Without a cap, Lambda would kill the function for its memory, again at every try and without a reason.
 */
const memberCapBytes = 256 * 1024 * 1024;

export interface AzureLogsSettings {
  /** Scheme and host of the data collection endpoint. */
  readonly url: string;
  /** The data collection rule's immutable id. */
  readonly ruleId: string;
  /** The stream that the rule declares, `Custom-…`. */
  readonly stream: string;
}

/**
 * Sends an object's events to Azure Monitor's Logs Ingestion API, many in a call, each as a row `{"Event":…}`.
 *
 * The API has neither names nor an idempotency key. An object that is sent again, for example after half of it was
 * sent, repeats its events, and `_relay.id` tells them apart. An event that is too large even alone holds up no
 * other event; the message then goes to the dead-letter queue.
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
export function azureLogsSink(settings: AzureLogsSettings, tokens: AccessTokens, clock: Clock): ObjectSink {
  const url = `${settings.url}/dataCollectionRules/${settings.ruleId}/streams/${settings.stream}?api-version=2023-01-01`;
  return {
    async put({ bytes }, signal) {
      let tooLarge = 0;
      try {
        for (const lines of groupLines(deliveredLines(bytes, memberCapBytes), callBytes)) {
          const outcome = await sendSplitting(lines, signal);
          if (outcome.kind !== 'sent') return outcome;
          tooLarge += outcome.tooLarge;
        }
      } catch (error) {
        if (!(error instanceof RelayError)) throw error;
        const reason = error.code === 'ObjectAboveCap' ? 'object-too-large' : 'damaged-object';
        return { kind: 'poison', reason, message: error.message };
      }
      return tooLarge === 0 ? { kind: 'stored', already: false } : eventTooLarge(tooLarge);
    },
  };

  /** Sends lines in one call, and halves the call at each 413, down to one event. */
  async function sendSplitting(
    lines: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<Sent | Busy | Refused> {
    const outcome = await patiently(() => send(lines, signal), clock, signal);
    if (outcome.kind !== 'too-large') return outcome;
    if (lines.length === 1) return { kind: 'sent', tooLarge: 1 };
    const middle = Math.ceil(lines.length / 2);
    const first = await sendSplitting(lines.slice(0, middle), signal);
    if (first.kind !== 'sent') return first;
    const second = await sendSplitting(lines.slice(middle), signal);
    if (second.kind !== 'sent') return second;
    return { kind: 'sent', tooLarge: first.tooLarge + second.tooLarge };
  }

  async function send(
    lines: readonly Uint8Array[],
    signal: AbortSignal,
    fresh = false,
  ): Promise<Sent | TooLarge | Busy | Refused> {
    const got = await tokens.token(signal);
    if (got.kind !== 'token') return got;
    const headers = { authorization: `Bearer ${got.token}`, 'content-type': 'application/json' };
    const answer = await call({ method: 'POST', url, headers, body: asRows(lines) }, signal);
    if (answer.kind !== 'answer') return answer;
    const { status, retryAfter, text } = answer;
    if (status === 204 || status === 200) return { kind: 'sent', tooLarge: 0 };
    if (status === 413) return { kind: 'too-large' };
    if (status === 401 && !fresh) {
      tokens.forget();
      return send(lines, signal, true);
    }
    if (asksForPatience(status)) {
      return {
        kind: 'busy',
        status,
        retryAfterMs: retryAfterMs(retryAfter, clock.now()),
        message: `The Logs Ingestion API answered ${status}.`,
      };
    }
    const code = shownCode(/"code"\s*:\s*"([A-Za-z]+)"/.exec(text)?.[1] ?? '') ?? 'no known error code';
    return {
      kind: 'refused',
      status,
      message: `The Logs Ingestion API answered ${status} (${code}). The message waits.`,
    };
  }
}

interface Sent {
  readonly kind: 'sent';
  /** Events that are too large for a call of their own. */
  readonly tooLarge: number;
}

interface TooLarge {
  readonly kind: 'too-large';
}

function eventTooLarge(count: number): Poison {
  return {
    kind: 'poison',
    reason: 'event-too-large',
    message: `${count} events are larger than the Logs Ingestion API takes; the others were sent.`,
  };
}
