import { AwsClient } from 'google-auth-library/build/src/auth/awsclient.js';
import { shownFailure } from '../../shown-failure.ts';
import { shownCode } from '../../shown-words.ts';
import type { AccessTokens, Busy, Refused } from '../ports.ts';
import { asksForPatience } from './http-call.ts';

export interface GoogleTokenSettings {
  /** Scheme and host of Google's security token service. */
  readonly stsUrl: string;
  /** The workload identity provider: `//iam.googleapis.com/projects/…/providers/…`. */
  readonly audience: string;
}

/**
 * Gets access tokens by workload identity federation. The function's own AWS credentials sign a GetCallerIdentity
 * request, which Google's token service verifies and exchanges. No key is stored, and AWS is never called here.
 *
 * The library reads the credentials and the region from Lambda's environment. A credential source without `url`
 * keeps the library from asking a metadata server.
 * @see https://google.aip.dev/auth/4117
 */
export function googleTokens({ stsUrl, audience }: GoogleTokenSettings): AccessTokens {
  let client: AwsClient | undefined;
  return {
    async token(signal) {
      client ??= new AwsClient({
        type: 'external_account',
        audience,
        subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
        token_url: `${stsUrl}/v1/token`,
        // The bucket's roles decide what the token may do. Google documents this scope for exchanged tokens.
        scopes: ['https://www.googleapis.com/auth/cloud-platform'],
        credential_source: {
          environment_id: 'aws1',
          regional_cred_verification_url:
            'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
        },
      });
      try {
        const { token } = await orAborted(client.getAccessToken(), signal);
        if (!token)
          return { kind: 'refused', message: 'Google answered the token exchange without a token.' };
        return { kind: 'token', token };
      } catch (error) {
        return tokenFailure(error);
      }
    },
    forget() {
      client = undefined;
    },
  };
}

/** Ends the wait when `signal` aborts: the library gives the exchange no timeout of its own. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new Error('no answer in time'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

function tokenFailure(error: unknown): Busy | Refused {
  const status = statusOf(error);
  const reason = status === undefined ? shownFailure(error) : `${status} (${errorCode(error)})`;
  const message = `Google's token exchange failed: ${reason}. The message waits.`;
  if (status === undefined || asksForPatience(status)) return { kind: 'busy', message, status };
  return { kind: 'refused', message, status };
}

function statusOf(error: unknown): number | undefined {
  const { response, status } = error as { response?: { status?: unknown }; status?: unknown };
  return [response?.status, status].find((value) => typeof value === 'number');
}

/** Gives a code such as `invalid_grant`. The description, which the library's own message repeats, is left out. */
function errorCode(error: unknown): string {
  const { response } = error as { response?: { data?: { error?: unknown } | null } };
  const code = response?.data?.error;
  return (typeof code === 'string' ? shownCode(code) : undefined) ?? 'no known error code';
}
