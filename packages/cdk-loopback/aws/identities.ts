import { randomBytes } from 'node:crypto';
import type { AwsCall } from './aws-call.ts';
import type { Authorization } from './gateway.ts';

/** The callers of the gateway: every access key that was issued, with its holder. */
export interface Identities {
  /** New temporary credentials of a role, as AssumeRole would give them. */
  issue(roleArn: string): Credentials;
  /** The same for a service that acts as itself, or for the operator. */
  issueTo(principal: Principal): Credentials;
  roleOf(accessKeyId: string): string | undefined;
  principalOf(accessKeyId: string): Principal | undefined;
  /** Everything that a role was given with a key, for who checks its signatures; undefined for any other key. */
  credentialsOf(accessKeyId: string): (Credentials & { readonly roleArn: string }) | undefined;
  /** From now on the key is refused as expired. */
  expire(accessKeyId: string): void;
  /** Allows every issued key everything; refuses unknown and expired ones. For IAM proper, ask this first. */
  authorize(call: AwsCall): Authorization;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  /** `s3.amazonaws.com`, on behalf of a resource. */
  | {
      readonly kind: 'service';
      readonly name: string;
      readonly sourceArn?: string;
      readonly sourceAccount?: string;
    }
  /** Whoever runs this on the laptop: allowed everything. */
  | { readonly kind: 'operator' };

/** Creates an empty registry. Secrets are random: nothing else may ever depend on their value. */
export function createIdentities(): Identities {
  const issued = new Map<string, { principal: Principal; credentials: Credentials; expired: boolean }>();

  const issueTo = (principal: Principal): Credentials => {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const sessionToken = randomBytes(48).toString('base64');
    const credentials = {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken,
    };
    issued.set(accessKeyId, { principal, credentials, expired: false });
    return credentials;
  };
  const principalOf = (accessKeyId: string) => issued.get(accessKeyId)?.principal;

  return {
    issueTo,
    principalOf,
    issue: (roleArn) => issueTo({ kind: 'role', arn: roleArn }),
    roleOf(accessKeyId) {
      const principal = principalOf(accessKeyId);
      return principal?.kind === 'role' ? principal.arn : undefined;
    },
    credentialsOf(accessKeyId) {
      const entry = issued.get(accessKeyId);
      if (entry?.principal.kind !== 'role' || entry.expired) return undefined;
      return { ...entry.credentials, roleArn: entry.principal.arn };
    },
    expire(accessKeyId) {
      const entry = issued.get(accessKeyId);
      if (entry) entry.expired = true;
    },
    authorize(call) {
      const entry = issued.get(call.accessKeyId);
      if (!entry || call.headers['x-amz-security-token'] !== entry.credentials.sessionToken) {
        const message = 'The security token included in the request is invalid.';
        return { allowed: false, reason: 'unknown', message };
      }
      if (!entry.expired) return { allowed: true };
      return {
        allowed: false,
        reason: 'expired',
        message: 'The security token included in the request is expired.',
      };
    },
  };
}
