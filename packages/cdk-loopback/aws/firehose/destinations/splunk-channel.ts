import type { HttpAttempts, HttpOutcome } from '../http-attempt.ts';
import type { PacingClock, Pause } from '../paced.ts';
import type { Failure } from '../retry.ts';

/** One HEC channel, over which batches are sent and their acknowledgements asked for. */
export interface HecChannel {
  /** Sends one batch and waits for its acknowledgement. @returns why not, or nothing */
  send(body: Buffer, token: string, pause: Pause): Promise<Failure | undefined>;
}

export interface HecChannelOptions {
  /** Scheme, host and port. */
  readonly base: string;
  readonly endpoint: 'event' | 'raw';
  readonly ackTimeoutMs: number;
  readonly id: string;
  readonly attempts: HttpAttempts;
  readonly clock: PacingClock;
}

/** How Splunk's own Java client goes about it by default. */
const pollMs = 1_000;
const answerMs = 60_000;

/**
 * Speaks as Splunk's open-source `cloudfwd` client does, whose error texts Firehose shows: two probes before the
 * first batch and after each failure, then the batch, then polls. Its third probe, an empty body to `/raw`, would
 * tell of a disabled token, which the second does too.
 *
 * @see https://github.com/splunk/cloudfwd
 */
export function createHecChannel(options: HecChannelOptions): HecChannel {
  const { base, attempts, clock } = options;
  let probed = false;
  let cookie: string | undefined;

  const call = async (target: Target, token: string, pause: Pause): Promise<HecAnswer> => {
    const outcome = await attempts.send(
      {
        method: target.body ? 'POST' : 'GET',
        url: `${base}/services/collector/${target.path}`,
        headers: {
          authorization: `Splunk ${token}`,
          'x-splunk-request-channel': options.id,
          ...(cookie !== undefined && { cookie }),
          ...(target.body && { 'content-type': 'application/json' }),
        },
        body: target.body,
        timeoutMs: answerMs,
      },
      pause,
    );
    // A load balancer keeps a channel on one indexer by its cookie.
    if (outcome.kind === 'answer') cookie ??= outcome.headers['set-cookie']?.[0]?.split(';')[0];
    return readAnswer(outcome);
  };

  const probe = async (token: string, pause: Pause): Promise<Failure | undefined> => {
    const health = { path: `health?ack=1&token=${encodeURIComponent(token)}` };
    const healthy = await call(health, token, pause);
    if (healthy.failure) return healthy.failure;
    return (await call(ackRequest([0]), token, pause)).failure;
  };

  const awaitAck = async (ackId: number, token: string, pause: Pause): Promise<Failure | undefined> => {
    const from = clock.now();
    while (clock.now() - from < options.ackTimeoutMs) {
      const { json, failure } = await call(ackRequest([ackId]), token, pause);
      if (failure) return { ...failure, uncountedMs: clock.now() - from };
      if ((json?.acks as Readonly<Record<string, boolean>> | undefined)?.[ackId] === true) return undefined;
      await pause(pollMs);
    }
    const message = `No acknowledgement within ${options.ackTimeoutMs / 1000} s; the data may have been indexed.`;
    return { code: 'Splunk.AckTimeout', message, uncountedMs: clock.now() - from };
  };

  const sendOnce = async (body: Buffer, token: string, pause: Pause): Promise<Failure | undefined> => {
    const unready = probed ? undefined : await probe(token, pause);
    if (unready) return unready;
    probed = true;
    const { json, failure } = await call({ path: options.endpoint, body }, token, pause);
    if (failure) return failure;
    const ackId = json?.ackId;
    if (typeof ackId === 'number') return awaitAck(ackId, token, pause);
    return {
      code: 'Splunk.DisabledAck',
      message: 'The answer has no ackId: indexer acknowledgement is off.',
    };
  };

  return {
    async send(body, token, pause) {
      const failure = await sendOnce(body, token, pause);
      if (failure) probed = false;
      return failure;
    },
  };
}

interface Target {
  /** Below `/services/collector/`. */
  readonly path: string;
  readonly body?: Buffer;
}

interface HecAnswer {
  readonly json?: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
}

function ackRequest(acks: readonly number[]): Target {
  return { path: 'ack', body: Buffer.from(JSON.stringify({ acks })) };
}

/** Splunk's own codes, and what Firehose calls them. */
const codes: Readonly<Record<number, string>> = {
  1: 'Splunk.DisabledToken',
  2: 'Splunk.InvalidToken',
  3: 'Splunk.InvalidToken',
  4: 'Splunk.InvalidToken',
  5: 'Splunk.InvalidDataFormat',
  6: 'Splunk.InvalidDataFormat',
  7: 'Splunk.InvalidIndex',
  12: 'Splunk.InvalidDataFormat',
  13: 'Splunk.InvalidDataFormat',
  14: 'Splunk.DisabledAck',
  15: 'Splunk.InvalidDataFormat',
};

const transportCodes = {
  connect: 'Splunk.ConnectionTimeout',
  reset: 'Splunk.ConnectionClosed',
  timeout: 'Splunk.ConnectionTimeout',
} as const;

function readAnswer(outcome: HttpOutcome): HecAnswer {
  if (outcome.kind === 'too-large') {
    return { failure: { code: 'Splunk.ServerError', message: 'The response was above 1 MiB.' } };
  }
  if (outcome.kind === 'failed') {
    return { failure: { code: transportCodes[outcome.reason], message: outcome.message } };
  }
  const json = parse(outcome.body);
  if (outcome.status === 200 && json) return { json };
  const message = `Status ${outcome.status}: ${outcome.body.toString('utf8', 0, 1024)}`;
  return { failure: { code: codes[Number(json?.code)] ?? 'Splunk.ServerError', message } };
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
