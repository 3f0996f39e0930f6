import { randomBytes } from 'node:crypto';
import type { Answer, Call } from './loopback-server.ts';
import { createRotatingSecret } from './rotating-secret.ts';

/** An application registration, as a customer sets it up. */
export interface EntraApplication {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Entra {
  token(call: Call): Answer;
  /** True if an `Authorization` header carries a token of this endpoint that has not expired. */
  knows(authorization: string | undefined): boolean;
  rotateSecret(next: string, oldValidForMs: number): void;
}

const livesSeconds = 3599;

/** The token endpoint of one tenant with one application, for one audience. */
export function createEntra(options: {
  readonly application: EntraApplication;
  /** The host of the scope `https://<audience>/.default`. */
  readonly audience: string;
  readonly clock: { now(): number };
}): Entra {
  const { application, audience, clock } = options;
  const secret = createRotatingSecret(application.clientSecret, clock);
  const tokens = new Map<string, number>();
  return {
    rotateSecret: secret.rotate,
    knows: (authorization) =>
      (tokens.get(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '') ?? 0) > clock.now(),
    token({ method, path, headers, body }) {
      if (method !== 'POST' || !headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
        return refuse(400, 'invalid_request', 'AADSTS900144');
      }
      if (path !== `/${application.tenantId}/oauth2/v2.0/token`)
        return refuse(400, 'invalid_request', 'AADSTS90002');
      const form = new URLSearchParams(body.toString());
      if (form.get('grant_type') !== 'client_credentials')
        return refuse(400, 'unsupported_grant_type', 'AADSTS70003');
      if (form.get('client_id') !== application.clientId)
        return refuse(400, 'unauthorized_client', 'AADSTS700016');
      if (!secret.accepts(form.get('client_secret') ?? ''))
        return refuse(401, 'invalid_client', 'AADSTS7000215');
      if (form.get('scope') !== `https://${audience}/.default`)
        return refuse(400, 'invalid_scope', 'AADSTS70011');
      const token = `eyJ0.${randomBytes(32).toString('base64url')}`;
      tokens.set(token, clock.now() + livesSeconds * 1000);
      const lives = { expires_in: livesSeconds, ext_expires_in: livesSeconds };
      return json(200, { token_type: 'Bearer', ...lives, access_token: token });
    },
  };
}

function refuse(status: number, error: string, code: string): Answer {
  return {
    ...json(status, { error, error_description: `${code}: refused.` }),
    refusal: `token: ${error} ${code}`,
  };
}

function json(status: number, value: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}
