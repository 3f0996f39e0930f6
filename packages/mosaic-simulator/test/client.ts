import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Simulator } from '../simulator.ts';
import { activities, cutTexts, fetchToken } from './start.ts';

const stream = { type: 'cis', id: 'relay' };

/** What a caller sees of one collect: an answer, or how it failed. */
export type Outcome =
  | { readonly kind: 'answer'; readonly encoding: string | undefined; readonly received: Buffer }
  | {
      readonly kind: 'failed';
      readonly reason: 'reset' | 'cut-off' | 'timeout' | 'headers-too-long' | 'throttled' | 'server-error';
      readonly retryAfter?: string | undefined;
      readonly message?: string;
    };

export interface Client {
  collect(batchSize: number, timeoutMs?: number): Promise<Outcome>;
}

/**
 * A patient caller of Mosaic's API, with the stream `relay` of type `cis` opened. It takes a new token after a 401
 * or where the one it has is too long to send, and uses each connection once.
 */
export async function openClient(simulator: Simulator): Promise<Client> {
  let token: string | undefined;
  const call = async (method: string, path: string, timeoutMs = 20_000): Promise<Outcome | 401> => {
    while (token === undefined || token.length > 10_000)
      token = await fetchToken(simulator).catch(() => undefined);
    const outcome = await send(simulator.url + path, { method, token, timeoutMs });
    if (outcome === 401) token = undefined;
    return outcome;
  };
  const patiently = async (...args: Parameters<typeof call>): Promise<Outcome> => {
    for (;;) {
      const outcome = await call(...args);
      if (outcome !== 401) return outcome;
    }
  };
  const query = `type=${stream.type}&stream_id=${stream.id}`;
  for (const path of [`start-collect?type=${stream.type}`, `stream?${query}`]) {
    for (let opened = false; !opened; ) {
      const outcome = await patiently('PUT', `${activities}/${path}`);
      if (outcome.kind === 'failed' && outcome.reason === 'throttled') throw new Error(outcome.message);
      opened = outcome.kind === 'answer';
    }
  }
  return {
    collect: (batchSize, timeoutMs) =>
      patiently('POST', `${activities}/collect?${query}&batch_size=${batchSize}`, timeoutMs),
  };
}

/** A 409 is an answer: a stream that exists is open. @throws on any other 4xx but 401 and 429, with its text */
async function send(
  url: string,
  options: { readonly method: string; readonly token: string; readonly timeoutMs: number },
): Promise<Outcome | 401> {
  const headers = { authorization: `Bearer ${options.token}`, 'accept-encoding': 'gzip' };
  const signal = AbortSignal.timeout(options.timeoutMs);
  let answer: IncomingMessage | undefined;
  const chunks: Buffer[] = [];
  try {
    answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { method: options.method, headers, agent: false, signal }, resolve)
        .on('error', reject)
        .end();
    });
    for await (const chunk of answer) chunks.push(chunk);
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error as Error, answer !== undefined) };
  }
  const status = answer.statusCode ?? 0;
  const received = Buffer.concat(chunks);
  if (status === 401) return status;
  if (status === 429) {
    return {
      kind: 'failed',
      reason: 'throttled',
      retryAfter: answer.headers['retry-after'],
      message: received.toString(),
    };
  }
  if (status >= 500) return { kind: 'failed', reason: 'server-error' };
  if (status >= 400 && status !== 409) throw new Error(`${status} ${received.toString()}`);
  return { kind: 'answer', encoding: answer.headers['content-encoding'], received };
}

function reasonOf(
  error: NodeJS.ErrnoException,
  begun: boolean,
): Extract<Outcome, { kind: 'failed' }>['reason'] {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers-too-long';
  return begun ? 'cut-off' : 'reset';
}

/** Collects until `empties` answers in a row were empty, at most 300 times. */
export async function drain(
  simulator: Simulator,
  { batchSize = 50, empties = 3 }: { readonly batchSize?: number; readonly empties?: number } = {},
): Promise<readonly Outcome[]> {
  const client = await openClient(simulator);
  simulator.generate('cis', 1000);
  const outcomes: Outcome[] = [];
  let emptyInARow = 0;
  while (emptyInARow < empties && outcomes.length < 300) {
    const outcome = await client.collect(batchSize);
    outcomes.push(outcome);
    const small = outcome.kind === 'answer' && outcome.received.length < 50;
    emptyInARow = small && ['[]', ''].includes(bodyOf(outcome) ?? '') ? emptyInARow + 1 : 0;
  }
  return outcomes;
}

/** The text of an answer, unpacked; undefined for any other outcome. */
export function bodyOf(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'answer') return undefined;
  const { received, encoding } = outcome;
  return (encoding === 'gzip' ? gunzipSync(received) : received).toString();
}

/** The event texts of all answers. */
export function textsIn(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap((outcome) => cutTexts(bodyOf(outcome) ?? ''));
}

/** `answer`, or the reason of any other outcome, each with how often it came. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.kind === 'failed' ? outcome.reason : outcome.kind;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** How many events have each fate and cause, as `lost lost-answer`. */
export function fates(simulator: Simulator): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fate, cause } of simulator.ledger(stream.id)) {
    const name = cause === undefined ? fate : `${fate} ${cause}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
