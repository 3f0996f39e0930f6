import { jsonReply } from './contract-answers.ts';
import type { Request } from './routes.ts';
import type { Reply } from './stream.ts';
import type { Switches } from './switches.ts';
import type { Tokens } from './tokens.ts';

export interface TokenOptions {
  readonly tokens: Tokens;
  readonly switches: Switches;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly hugeToken: boolean;
}

/**
 * Client credentials in a form, and nothing else.
 *
 * @see the vendor's token reference; what a wrong secret gets is not in it, and 401 is assumed
 */
export function grantToken(request: Request, options: TokenOptions): Reply {
  const { tokens, switches, clientId, clientSecret, hugeToken } = options;
  const form = readForm(request);
  if (form === undefined || request.query.size > 0) return badRequest();
  if (form.grant_type !== 'client_credentials' || !form.client_id || !form.client_secret) return badRequest();
  if (form.resource !== undefined && !resources.includes(form.resource)) return badRequest();
  if (form.client_id !== clientId || form.client_secret !== clientSecret) {
    return switches.has('token-400')
      ? badRequest()
      : jsonReply(401, { message: 'Unauthorized', error_code: 401 });
  }
  const lifeSeconds = switches.has('short-token') ? 60 : 3600;
  return jsonReply(200, {
    access_token: tokens.issue({ lifeSeconds, huge: hugeToken, audience: form.resource ?? 'userid-api' }),
    token_type: 'Bearer',
    expires_in: lifeSeconds,
    scope: '',
  });
}

const resources = ['https://verify.identity.security', 'https://risk.identity.security'];

const badRequest = () => jsonReply(400, { message: 'Bad request', error_code: 400 });

/** The fields, or undefined where it is no form, repeats a field or has one that the contract does not know. */
function readForm({ headers, body }: Request): Record<string, string> | undefined {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  const fields = [...new URLSearchParams(body.toString())];
  const form = Object.fromEntries(fields);
  const known = fields.every(([name]) =>
    ['grant_type', 'client_id', 'client_secret', 'resource'].includes(name),
  );
  return known && Object.keys(form).length === fields.length ? form : undefined;
}
