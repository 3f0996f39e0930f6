import { type Exchange, type ExchangeRequest, exchange } from './exchange.ts';
import type { Mosaic } from './mosaic.ts';
import { obtainToken, type TokenOutcome } from './token.ts';

export type CallRequest = Omit<ExchangeRequest, 'timeoutMs'> & {
  /** For everything together: the token, the call, and the second of both after a 401. */
  readonly timeoutMs: number;
};

export type CallOutcome = Exchange | Extract<TokenOutcome, { readonly kind: 'no-token' }>;

/**
 * One call with a bearer token. A 401 consumed nothing: the secret is read again, a new token asked for, and the
 * call made once more; a second 401 is the outcome.
 *
 * @throws {RelayError} what `readCredentials` throws; nothing was sent, or only what was refused with 401
 */
export async function authorizedCall(mosaic: Mosaic, request: CallRequest): Promise<CallOutcome> {
  const deadline = performance.now() + request.timeoutMs;
  const left = () => Math.max(0, deadline - performance.now());
  const { signal } = request;

  const token = await obtainToken(mosaic, { timeoutMs: left(), signal });
  if (token.kind === 'no-token') return token;
  if (left() < leastOf(request)) return tooLate(request);
  const answer = await exchange(
    mosaic.agents,
    withBearer(request, { token: token.value, timeoutMs: left() }),
  );
  if (answer.kind !== 'answered' || answer.status !== 401) return answer;

  const renewed = await obtainToken(mosaic, { timeoutMs: left(), signal, refused: token.value });
  if (renewed.kind === 'no-token') return renewed;
  if (left() < leastOf(request)) return tooLate(request);
  const second = await exchange(
    mosaic.agents,
    withBearer(request, { token: renewed.value, timeoutMs: left() }),
  );
  // The next run must not begin with a token that is known to be refused.
  if (second.kind === 'answered' && second.status === 401) mosaic.options.tokens.current = undefined;
  return second;
}

/** A call that is sent with little time left may be carried out, and its answer never be seen. */
function leastOf({ timeoutMs }: CallRequest): number {
  return timeoutMs / 2;
}

function tooLate({ timeoutMs }: CallRequest): CallOutcome {
  return {
    kind: 'not-sent',
    message: `secret and token took more than half of the ${timeoutMs / 1_000} s that the call has`,
  };
}

function withBearer(
  request: CallRequest,
  { token, timeoutMs }: { readonly token: string; readonly timeoutMs: number },
): ExchangeRequest {
  return {
    ...request,
    headers: {
      ...request.headers,
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'user-agent': 'mosaic-siem-relay',
    },
    timeoutMs,
  };
}
