// A stand-in for Splunk's HTTP Event Collector, written here after its reference: "HTTP Event Collector REST API
// endpoints", "Format events for HTTP Event Collector", "About HTTP Event Collector Indexer Acknowledgment".
import { gunzipSync } from 'node:zlib';
import { type Faults, noFaults } from './faults.ts';
import { hecAnswer, hecAnswerFor } from './hec-answers.ts';
import { createHecChannels } from './hec-channels.ts';
import { type HecEvent, readEnvelopes } from './hec-envelopes.ts';
import { type Answer, type Call, startLoopbackServer } from './loopback-server.ts';
import type { Receiver, ReceiverClock } from './receiver.ts';
import { createRotatingSecret } from './rotating-secret.ts';

export interface SplunkHecOptions {
  readonly clock: ReceiverClock;
  readonly token: string;
  /** Indexes that the token may write to; an envelope without one goes to the first. */
  readonly indexes?: readonly string[];
  /** `max_content_length`, of a request's body, decompressed: 800 MiB by default, as in Splunk Enterprise. */
  readonly maxBodyBytes?: number;
  /** Indexer acknowledgement; on by default, since Firehose asks for it. */
  readonly acknowledges?: boolean;
  /** From a request to its acknowledgement, on the run's clock; 0 by default. */
  readonly ackAfterMs?: number;
}

export interface HecFaults extends Faults {
  /** So many requests are indexed and never acknowledged. */
  loseAcks: number;
  tokenDisabled: boolean;
  queuesFull: boolean;
  ackAfterMs: number;
}

export interface SplunkHec extends Receiver {
  readonly faults: HecFaults;
  /** The events that the `event` endpoint accepted, in order. */
  readonly events: readonly HecEvent[];
  /** The request bodies that the `raw` endpoint accepted, in order. */
  readonly rawBodies: readonly Buffer[];
  readonly token: string;
  rotateToken(next: string, oldValidForMs: number): void;
}

/** Starts the receiver. Everything that it does not know by name is refused. */
export async function startSplunkHec(options: SplunkHecOptions): Promise<SplunkHec> {
  const { clock, indexes = ['main'], maxBodyBytes = 838_860_800, acknowledges = true } = options;
  const token = createRotatingSecret(options.token, clock);
  const faults: HecFaults = {
    ...noFaults(),
    loseAcks: 0,
    tokenDisabled: false,
    queuesFull: false,
    ackAfterMs: options.ackAfterMs ?? 0,
  };
  const channels = createHecChannels({
    clock,
    ackAfterMs: () => faults.ackAfterMs,
    loses: () => {
      const lost = faults.loseAcks > 0;
      if (lost) faults.loseAcks -= 1;
      return lost;
    },
  });
  const events: HecEvent[] = [];
  const rawBodies: Buffer[] = [];

  const server = await startLoopbackServer({
    handle,
    faults,
    clock,
    refuse: ({ status }) => hecAnswerFor(status),
  });
  return {
    url: server.url,
    faults,
    refusals: server.refusals,
    events,
    rawBodies,
    get token() {
      return token.current;
    },
    rotateToken: token.rotate,
    async eachLine(visit) {
      for (const { line } of events) visit(line);
    },
    close: server.close,
  };

  function handle(call: Call): Answer {
    const endpoint = /^\/services\/collector(?:\/(event|raw|ack|health))?(?:\/1\.0)?$/.exec(call.path);
    if (endpoint === null) return { status: 404, refusal: `no such endpoint: ${call.method} ${call.path}` };
    const name = endpoint[1] ?? 'event';
    if (call.method !== (name === 'health' ? 'GET' : 'POST')) {
      return { status: 405, refusal: `${call.method} on ${call.path}` };
    }
    if (name === 'health') return health(call);

    const denied = authorize(call.headers.authorization);
    if (denied) return denied;
    const channel = call.headers['x-splunk-request-channel'] ?? call.query.get('channel') ?? undefined;
    if (name === 'ack' && !acknowledges) return hecAnswer('ackDisabled');
    if (acknowledges) {
      if (channel === undefined) return hecAnswer('channelMissing');
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(channel)))
        return hecAnswer('invalidChannel');
    }
    return name === 'ack' ? pollAcks(call.body, String(channel)) : takeData(name, call, String(channel));
  }

  function authorize(header: string | undefined): Answer | undefined {
    if (header === undefined) return hecAnswer('tokenRequired');
    const given = /^Splunk (\S+)$/.exec(header)?.[1];
    if (given === undefined) return hecAnswer('invalidAuthorization');
    if (!token.accepts(given)) return hecAnswer('invalidToken');
    return faults.tokenDisabled ? hecAnswer('tokenDisabled') : undefined;
  }

  /** It does not look at the token. */
  function health({ query }: Call): Answer {
    if (query.get('ack') === '1' && !acknowledges) return hecAnswer('ackDisabled');
    return hecAnswer(faults.queuesFull ? 'unhealthy' : 'healthy');
  }

  function pollAcks(body: Buffer, channel: string): Answer {
    const ids = readAcks(body);
    if (ids === undefined) return hecAnswer('invalidDataFormat', {}, 'no {"acks":[…]}');
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: JSON.stringify({ acks: channels.poll(channel, ids) }),
    };
  }

  function takeData(name: string, call: Call, channel: string): Answer {
    if (faults.queuesFull) return hecAnswer('busy');
    const body = decode(call);
    if (body === undefined) return hecAnswer('invalidDataFormat', {}, 'its content-encoding');
    if (body.length > maxBodyBytes) return hecAnswer('tooLarge', {}, `${body.length} bytes`);
    if (body.length === 0 || /^\s*$/.test(body.toString('latin1', 0, 64))) return hecAnswer('noData');

    if (name === 'raw') {
      rawBodies.push(body);
    } else {
      const read = readEnvelopes(body, { allowedIndexes: indexes });
      for (const event of read.events) events.push(event);
      if (read.refusal !== undefined) {
        const { code, number, why } = read.refusal;
        return hecAnswer(code, { 'invalid-event-number': number }, why);
      }
    }
    return hecAnswer('success', acknowledges ? { ackId: channels.acknowledgeLater(channel) } : {});
  }
}

function decode({ headers, body }: Call): Buffer | undefined {
  if (headers['content-encoding'] === undefined) return body;
  if (headers['content-encoding'] !== 'gzip') return undefined;
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}

function readAcks(body: Buffer): number[] | undefined {
  try {
    const { acks, ...others } = JSON.parse(body.toString()) as { acks?: unknown };
    const valid = Array.isArray(acks) && acks.every((id) => Number.isSafeInteger(id) && id >= 0);
    return valid && Object.keys(others).length === 0 ? (acks as number[]) : undefined;
  } catch {
    return undefined;
  }
}
