import { retryAfterMs } from '../retry-after.ts';
import type { Credentials } from './credentials.ts';
import { describeAnswer } from './error-text.ts';
import { type Answered, type Exchange, exchange } from './exchange.ts';
import type { Mosaic } from './mosaic.ts';

export type TokenOutcome =
  | { readonly kind: 'token'; readonly value: string }
  | {
      readonly kind: 'no-token';
      /** `credential-refused` for 4xx, `throttled` for 429, `not-sent` for everything that may pass. */
      readonly reason: 'credential-refused' | 'throttled' | 'not-sent';
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly message: string;
    };

/**
 * The token to use now: the cached one until 5 minutes before it expires, or until half of a shorter life is over.
 *
 * @param options.refused the token that Mosaic refused with 401: it is dropped and the secret read again
 * @throws {RelayError} what `readCredentials` throws; the cache is then as it was
 */
export async function obtainToken(
  mosaic: Mosaic,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal; readonly refused?: string },
): Promise<TokenOutcome> {
  const { tokens, now } = mosaic.options;
  const { current } = tokens;
  const usable = current !== undefined && current.askedOf === tokenUrl(mosaic) && now() < current.renewAt;
  if (usable && current.value !== options.refused) return { kind: 'token', value: current.value };

  const fresh = options.refused !== undefined;
  const deadline = performance.now() + options.timeoutMs;
  const first = await requestToken(mosaic, { ...options, fresh });
  // A secret that was kept since before it was rotated is refused here, not by 401 on a call.
  if (fresh || first.kind === 'token' || first.reason !== 'credential-refused') return first;
  const timeoutMs = Math.max(0, deadline - performance.now());
  return requestToken(mosaic, { ...options, timeoutMs, fresh: true });
}

async function requestToken(
  mosaic: Mosaic,
  {
    fresh,
    timeoutMs,
    signal,
  }: { readonly fresh: boolean; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<TokenOutcome> {
  const { tokens, now, readCredentials } = mosaic.options;
  const credentials = await readCredentials({ fresh });
  const askedAt = now();
  const answer = await exchange(mosaic.agents, {
    method: 'POST',
    url: tokenUrl(mosaic),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: tokenForm(credentials, mosaic.options.resource),
    timeoutMs,
    signal,
    capBytes: tokenAnswerBytes,
  });
  if (answer.kind !== 'answered' || answer.status < 200 || answer.status > 299) {
    return refusal(answer, now());
  }
  const granted = readToken(answer);
  if (granted.kind === 'no-token') return granted;
  const { value, lifeMs } = granted;
  tokens.current = {
    value,
    askedOf: tokenUrl(mosaic),
    renewAt: askedAt + Math.max(lifeMs - 5 * 60_000, lifeMs / 2),
  };
  return { kind: 'token', value };
}

function tokenUrl(mosaic: Mosaic): string {
  return `${mosaic.options.url}/oidc/token`;
}

function tokenForm(credentials: Credentials, resource: string | undefined): string {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
  });
  if (resource !== undefined) form.set('resource', resource);
  return form.toString();
}

function refusal(answer: Exchange, now: number): TokenOutcome {
  if (answer.kind !== 'answered') {
    return { kind: 'no-token', reason: 'not-sent', message: `no token: ${answer.message}` };
  }
  const { status } = answer;
  const message = describeAnswer('the token endpoint', answer);
  if (status === 429) {
    const waitMs = retryAfterMs(answer.headers['retry-after'], now);
    return { kind: 'no-token', reason: 'throttled', status, retryAfterMs: waitMs, message };
  }
  const refused = status >= 400 && status <= 499 && status !== 408;
  return { kind: 'no-token', reason: refused ? 'credential-refused' : 'not-sent', status, message };
}

function readToken(
  answer: Answered,
):
  | { readonly kind: 'granted'; readonly value: string; readonly lifeMs: number }
  | (TokenOutcome & { kind: 'no-token' }) {
  const useless = (why: string) =>
    ({
      kind: 'no-token',
      reason: 'not-sent',
      status: answer.status,
      message: `no token: the token endpoint answered ${answer.status}, but ${why}`,
    }) as const;
  if (answer.end !== 'whole') return useless(`its body was ${answer.end}`);
  const body = parseObject(answer.body);
  const value = body?.access_token;
  if (typeof value !== 'string' || value === '') return useless('its body has no access_token');
  if (value.length > longestToken) return useless(`a token of ${value.length} characters fits no header`);
  if (!/^[\x21-\x7e]+$/.test(value))
    return useless('its access_token has characters that no header may hold');
  const seconds = Number(body?.expires_in);
  // `expires_in` is documented as required; without it the documented 3,600 would be a guess on the long side.
  return { kind: 'granted', value, lifeMs: seconds > 0 && seconds < 1e9 ? seconds * 1000 : 10 * 60_000 };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const tokenAnswerBytes = 256 * 1024;

/** Documented tokens are JWTs of 1 to 2 KB; servers and edges stop reading headers between 8 and 32 KB. */
const longestToken = 32 * 1024;
