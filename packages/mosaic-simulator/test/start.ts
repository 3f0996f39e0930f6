import { onTestFinished } from 'vitest';
import type { EventType } from '../event-types.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.ts';

export const startedAt = Date.UTC(2026, 2, 1, 12);

export interface TestMosaic {
  readonly simulator: Simulator;
  /** Moves the clock. */
  pass(ms: number): void;
  /** Lets the next call ask for a new token. */
  forgetToken(): void;
  /** A call with the token of the first one unless `headers` say otherwise. */
  call(method: string, path: string, init?: CallInit): Promise<Answered>;
  /** Starts collection of the type and creates the stream. */
  open(type: EventType, id: string, query?: string): Promise<void>;
  /** The texts of the events of one collect, cut at the outer commas of a plain answer. */
  read(type: EventType, id: string, batchSize?: number): Promise<readonly string[]>;
}

export interface CallInit {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Uint8Array;
}

export const activities = '/activities/v1/activities';

export async function startMosaic(options: Partial<SimulatorOptions> = {}): Promise<TestMosaic> {
  let now = startedAt;
  const simulator = await startSimulator({ clock: { now: () => now }, seed: 1, switches: [], ...options });
  onTestFinished(() => simulator.close());
  let token: string | undefined;
  const call = async (method: string, path: string, { headers, body }: CallInit = {}) => {
    if (token === undefined && path.startsWith('/activities')) token = await fetchToken(simulator);
    const sent = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers };
    return read(await fetch(simulator.url + path, { method, headers: sent, body }));
  };
  return {
    simulator,
    pass(ms) {
      now += ms;
    },
    forgetToken() {
      token = undefined;
    },
    call,
    async open(type, id, query = '') {
      await call('PUT', `${activities}/start-collect?type=${type}`);
      const created = await call('PUT', `${activities}/stream?type=${type}&stream_id=${id}${query}`);
      if (created.status !== 200) throw new Error(created.text);
    },
    async read(type, id, batchSize = 1000) {
      const answer = await call(
        'POST',
        `${activities}/collect?type=${type}&stream_id=${id}&batch_size=${batchSize}`,
      );
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
      return cutTexts(answer.text);
    },
  };
}

export async function fetchToken({ url, clientId, clientSecret }: Simulator): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const response = await fetch(`${url}/oidc/token`, { method: 'POST', body: form });
  return ((await response.json()) as { access_token: string }).access_token;
}

export function textsOf(events: Iterable<Uint8Array>): string[] {
  return [...events].map((bytes) => Buffer.from(bytes).toString());
}

async function read(response: Response): Promise<Answered> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: Buffer.from(bytes).toString() };
}

/** Elements of an array of objects, by depth; independent of the collector's own cutter. */
export function cutTexts(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') {
      for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    } else if (character === '{' || character === '[') {
      if (depth === 1) start = at;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 1) found.push(text.slice(start, at + 1));
    }
  }
  return found;
}
