import { createKeyedHash } from './keyed-hash.ts';
import type { ViewKey } from './view-key.ts';

/** The pseudonym that views with this key make of a decoded value. */
export function pseudonymOf({ id, secret }: ViewKey, value: string): string {
  const keyed = createKeyedHash(secret, 'pseudonym:')(Buffer.from(value));
  const bits = Buffer.from(keyed.slice(0, 2 * pseudonymBytes), 'hex');
  return `${id}:${bits.toString('base64url')}`;
}

const pseudonymBytes = 16;
