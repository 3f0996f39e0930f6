import { createHash } from 'node:crypto';

/** The tokens that are out, by the clock of the run. */
export interface Tokens {
  /** A new one, shaped like a JWT. */
  issue(options: { readonly lifeSeconds: number; readonly huge: boolean; readonly audience: string }): string;
  /** True if the header carries a token that was issued, has not expired and was not revoked. */
  accepts(authorization: string | undefined): boolean;
  revoke(authorization: string | undefined): void;
  revokeAll(): void;
}

export function createTokens(clock: { now(): number }, clientId: string): Tokens {
  const expiries = new Map<string, number>();
  let issued = 0;
  return {
    issue({ lifeSeconds, huge, audience }) {
      issued += 1;
      const issuedAt = Math.floor(clock.now() / 1000);
      const claims = {
        sub: clientId,
        client_id: clientId,
        aud: audience,
        iat: issuedAt,
        exp: issuedAt + lifeSeconds,
        jti: String(issued),
        role: 'Admin',
        ...(huge ? { padding: 'x'.repeat(49_152) } : {}),
      };
      const body = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
      const token = `${body}.${createHash('sha256').update(body).digest('base64url')}`;
      expiries.set(token, clock.now() + lifeSeconds * 1000);
      return token;
    },
    accepts: (authorization) => clock.now() < (expiries.get(tokenIn(authorization)) ?? 0),
    revoke: (authorization) => void expiries.delete(tokenIn(authorization)),
    revokeAll: () => expiries.clear(),
  };
}

function tokenIn(authorization: string | undefined): string {
  return /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
