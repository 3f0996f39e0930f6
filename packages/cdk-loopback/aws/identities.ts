import { randomBytes } from 'node:crypto';
import type { AwsCall } from './aws-call.ts';
import type { Signer } from './check-signature.ts';
import type { Authorization } from './gateway.ts';
import { deriveSigningKey } from './signature.ts';

/** The callers of the gateway: every access key that was issued, with its holder. */
export interface Identities {
  /**
   * New temporary credentials of a role, as AssumeRole would give them.
   * @param now the clock of the process that gets them; default: this machine's
   */
  issue(roleArn: string, now?: () => number): Credentials;
  /** The same for a service that acts as itself, or for the operator. */
  issueTo(principal: Principal, now?: () => number): Credentials;
  /** What the signatures of a key are checked with; undefined for a key that was never issued. */
  signerOf(accessKeyId: string): Signer | undefined;
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
  const issued = new Map<string, Issued>();

  const issueTo = (principal: Principal, now = Date.now): Credentials => {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const sessionToken = randomBytes(48).toString('base64');
    const credentials = {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken,
    };
    const signer = createSigner(credentials.secretAccessKey, now);
    issued.set(accessKeyId, { principal, credentials, signer, expired: false });
    return credentials;
  };
  const principalOf = (accessKeyId: string) => issued.get(accessKeyId)?.principal;

  return {
    issueTo,
    principalOf,
    issue: (roleArn, now) => issueTo({ kind: 'role', arn: roleArn }, now),
    signerOf: (accessKeyId) => issued.get(accessKeyId)?.signer,
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
      const token = call.headers['x-amz-security-token'];
      if (token !== entry?.credentials.sessionToken || entry === undefined) {
        // Without its token a temporary key is no key at all.
        const reason = entry === undefined || token === undefined ? 'unknown' : 'wrong-token';
        return { allowed: false, reason, message: 'The security token included in the request is invalid.' };
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

interface Issued {
  readonly principal: Principal;
  readonly credentials: Credentials;
  readonly signer: Signer;
  expired: boolean;
}

/** Derives a signing key once a day for each service, as a client does. */
function createSigner(secretAccessKey: string, now: () => number): Signer {
  const kept = new Map<string, { readonly day: string; readonly key: Buffer }>();
  return {
    now,
    signingKey(scope) {
      const name = `${scope.region}/${scope.service}`;
      const found = kept.get(name);
      if (found?.day === scope.day) return found.key;
      const key = deriveSigningKey(secretAccessKey, scope);
      kept.set(name, { day: scope.day, key });
      return key;
    },
  };
}
