import { retryAfterMs } from '../../retry-after.ts';
import { shownCode } from '../../shown-words.ts';
import type { EntraSecret } from '../contract.ts';
import type { AccessTokens, Busy, Refused } from '../ports.ts';
import { asksForPatience, call } from './http-call.ts';

/** Time before a token's expiry at which it is renewed. */
const earlyMs = 300_000;

export interface EntraTokenSettings {
  /** Scheme and host of Microsoft Entra ID. */
  readonly url: string;
  /** The host that the token is for, without a scheme. */
  readonly audience: string;
}

/** Reads the secret from its store at each call. */
export type ReadEntraSecret = (
  signal: AbortSignal,
) => Promise<{ readonly kind: 'secret'; readonly secret: EntraSecret } | Busy | Refused>;

/**
 * Gets access tokens by the client credentials flow. Each new token reads the secret again, and a refused token is
 * dropped, so a rotated secret takes effect without a deploy.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function entraTokens(
  settings: EntraTokenSettings,
  readSecret: ReadEntraSecret,
  clock: { now(): number },
): AccessTokens {
  let held: { readonly token: string; readonly until: number } | undefined;
  return {
    async token(signal) {
      if (held !== undefined && clock.now() < held.until) return { kind: 'token', token: held.token };
      const read = await readSecret(signal);
      if (read.kind !== 'secret') return read;

      const { tenant_id, client_id, client_secret } = read.secret;
      const answer = await call(
        {
          method: 'POST',
          url: `${settings.url}/${encodeURIComponent(tenant_id)}/oauth2/v2.0/token`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id,
            client_secret,
            scope: `https://${settings.audience}/.default`,
          }).toString(),
        },
        signal,
      );
      if (answer.kind !== 'answer') return answer;
      const { status, retryAfter, text } = answer;
      if (asksForPatience(status)) {
        return {
          kind: 'busy',
          status,
          retryAfterMs: retryAfterMs(retryAfter, clock.now()),
          message: `Entra answered ${status}.`,
        };
      }
      const token = status === 200 ? readToken(text) : undefined;
      if (token === undefined) {
        return {
          kind: 'refused',
          status,
          message: `Entra answered ${status} (${errorCode(text)}). The message waits.`,
        };
      }
      held = { token: token.value, until: clock.now() + token.livesMs - earlyMs };
      return { kind: 'token', token: token.value };
    },
    forget() {
      held = undefined;
    },
  };
}

function readToken(text: string): { readonly value: string; readonly livesMs: number } | undefined {
  try {
    const { access_token: value, expires_in: seconds } = JSON.parse(text) as Record<string, unknown>;
    if (typeof value === 'string' && typeof seconds === 'number') return { value, livesMs: seconds * 1000 };
  } catch {
    // The body is not JSON, and the caller reports the status.
  }
  return undefined;
}

/** Gives a code such as `invalid_client`. The description beside it may name the application and is left out. */
function errorCode(text: string): string {
  return shownCode(/"error"\s*:\s*"([a-z_]+)"/.exec(text)?.[1] ?? '') ?? 'no known error code';
}
