import { createKeyedHash } from './keyed-hash.ts';
import type { ViewKey } from './view-key.ts';

/** The pseudonym that views with this key make of a decoded value. */
export function pseudonymOf({ id, secret }: ViewKey, value: string): string {
  const bits = Buffer.from(createKeyedHash(secret)(Buffer.from(value)).slice(0, 2 * pseudonymBytes), 'hex');
  return `${id}:${bits.toString('base64url')}`;
}

const pseudonymBytes = 16;
