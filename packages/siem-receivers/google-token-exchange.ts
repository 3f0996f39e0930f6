import { randomBytes } from 'node:crypto';
import type { Answer, Call } from './loopback-server.ts';
import { type AwsAssertion, type AwsIdentity, verifyCallerIdentity } from './signed-caller-identity.ts';

/** The workload identity pool's AWS provider, as a customer sets it up. */
export interface WorkloadIdentityProvider {
  /** `//iam.googleapis.com/projects/…/locations/global/workloadIdentityPools/…/providers/…`. */
  readonly audience: string;
  /** The AWS account that the provider trusts. */
  readonly accountId: string;
  /** The attribute condition; without one every role of the account is let in. */
  readonly condition?: (assertion: AwsAssertion) => boolean;
  /** The mapping of `google.subject`; the role's name by default. */
  readonly subject?: (assertion: AwsAssertion) => string;
}

export interface TokenExchange {
  exchange(call: Call): Answer;
  /** Whose access token it is; undefined when it is unknown or has expired. */
  principalOf(authorization: string | undefined): AwsAssertion | undefined;
  /** From now on every token that was given out is refused. */
  revokeAll(): void;
}

const wanted = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
} as const;
const scopes =
  /^https:\/\/www\.googleapis\.com\/auth\/(cloud-platform|devstorage\.(read_write|full_control))$/;
const known = new Set([...Object.keys(wanted), 'audience', 'scope', 'subject_token']);
const livesSeconds = 3600;
/** A function's whole ARN, as Google's own examples map it, is often longer. */
const longestSubject = 127;

/**
 * Google's security token service, `POST /v1/token`.
 * @see https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token
 */
export function createTokenExchange(options: {
  readonly providers: readonly WorkloadIdentityProvider[];
  readonly identify: (accessKeyId: string) => AwsIdentity | undefined;
  readonly clock: { now(): number };
}): TokenExchange {
  const { providers, identify, clock } = options;
  const tokens = new Map<string, { readonly assertion: AwsAssertion; readonly until: number }>();
  return {
    exchange({ headers, body }) {
      if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
        return refuse('invalid_request', 'the content type is no form');
      }
      const form = new URLSearchParams(body.toString());
      const unknown = [...form.keys()].find((name) => !known.has(name));
      if (unknown !== undefined) return refuse('invalid_request', `unknown parameter ${unknown}`);
      for (const [name, value] of Object.entries(wanted)) {
        if (form.get(name) !== value) return refuse('invalid_request', `${name} is ${form.get(name)}`);
      }
      const provider = providers.find(({ audience }) => audience === form.get('audience'));
      if (provider === undefined) return refuse('invalid_target', 'no such provider');
      if (!scopes.test(form.get('scope') ?? ''))
        return refuse('invalid_scope', `scope is ${form.get('scope')}`);

      const { audience } = provider;
      const assertion = verifyCallerIdentity(form.get('subject_token') ?? '', {
        identify,
        audience,
        now: clock.now(),
      });
      if (typeof assertion === 'string') return refuse('invalid_grant', assertion);
      if (assertion.account !== provider.accountId) {
        return refuse('invalid_grant', `account ${assertion.account} is not the provider's`);
      }
      const subject = provider.subject?.(assertion) ?? assertion.roleName;
      if (Buffer.byteLength(subject) > longestSubject) {
        return refuse('invalid_grant', `google.subject exceeds the ${longestSubject} bytes limit.`);
      }
      if (provider.condition?.(assertion) === false) {
        return refuse('unauthorized_client', 'The given credential is rejected by the attribute condition.');
      }
      const token = `ya29.d.${randomBytes(32).toString('base64url')}`;
      tokens.set(token, { assertion, until: clock.now() + livesSeconds * 1000 });
      return json(200, {
        access_token: token,
        issued_token_type: wanted.requested_token_type,
        token_type: 'Bearer',
        expires_in: livesSeconds,
      });
    },
    principalOf(authorization) {
      const held = tokens.get(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '');
      return held !== undefined && held.until > clock.now() ? held.assertion : undefined;
    },
    revokeAll: () => tokens.clear(),
  };
}

function refuse(error: string, description: string): Answer {
  return {
    ...json(400, { error, error_description: description }),
    refusal: `token exchange: ${error}: ${description}`,
  };
}

function json(status: number, value: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(value),
  };
}
