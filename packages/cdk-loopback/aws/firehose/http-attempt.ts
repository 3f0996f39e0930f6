import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as realDelay } from 'node:timers/promises';
import type { Pause } from './paced.ts';

/** Sends requests to a receiver on loopback, over sockets that are kept. */
export interface HttpAttempts {
  send(attempt: HttpAttempt, pause: Pause): Promise<HttpOutcome>;
  close(): void;
}

export interface HttpAttempt {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** On the virtual clock. */
  readonly timeoutMs: number;
}

export type HttpOutcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'failed'; readonly reason: 'connect' | 'reset' | 'timeout'; readonly message: string };

export interface HttpLimits {
  /**
   * Of real time: a receiver that has not answered by then is taken to hang, and from then on the virtual clock may
   * jump to the timeout instead of living through it.
   */
  readonly graceMs: number;
  readonly largestAnswerBytes: number;
}

export function createHttpAttempts({ graceMs, largestAnswerBytes }: HttpLimits): HttpAttempts {
  const agent = new Agent({ keepAlive: true });
  return {
    async send(attempt, pause) {
      const abort = new AbortController();
      const answer = sendOnce(attempt, { agent, signal: abort.signal, largestAnswerBytes });
      const grace = new AbortController();
      const settled = await Promise.race([
        answer,
        realDelay(graceMs, undefined, { signal: grace.signal }).catch(() => undefined),
      ]);
      grace.abort();
      if (settled) return settled;
      let late: HttpOutcome | undefined;
      const noted = answer.then((outcome) => {
        late = outcome;
      });
      await pause(attempt.timeoutMs, noted);
      if (late) return late;
      abort.abort();
      await noted;
      return { kind: 'failed', reason: 'timeout', message: `no answer within ${attempt.timeoutMs} ms` };
    },
    close: () => agent.destroy(),
  };
}

interface Wire {
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly largestAnswerBytes: number;
}

function sendOnce(attempt: HttpAttempt, { agent, signal, largestAnswerBytes }: Wire): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    const body = attempt.body ?? Buffer.alloc(0);
    const headers = { ...attempt.headers, 'content-length': String(body.length) };
    const outgoing = request(attempt.url, { method: attempt.method, headers, agent, signal });
    const fail = (error: NodeJS.ErrnoException): void => {
      const reason = error.syscall === 'connect' ? 'connect' : 'reset';
      resolve({ kind: 'failed', reason, message: error.message });
    };
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('error', fail);
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= largestAnswerBytes) return;
        resolve({ kind: 'too-large' });
        incoming.destroy();
      });
      incoming.on('end', () => {
        const { statusCode = 0, headers: received } = incoming;
        resolve({ kind: 'answer', status: statusCode, headers: received, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(body);
  });
}
