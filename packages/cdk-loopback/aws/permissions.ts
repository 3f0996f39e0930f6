import { createIam, type Iam } from '../iam/iam.ts';
import type { AwsCall } from './aws-call.ts';
import type { Deployment } from './cloudformation/deployment.ts';
import type { Authorization } from './gateway.ts';
import type { Credentials, Identities, Principal } from './identities.ts';

/** Decides by the policies of the deployment about everything that acts in the account. */
export interface Permissions {
  readonly iam: Iam;
  /** Of a call that came with credentials. */
  authorize(call: AwsCall): Authorization;
  /** Of a call that a service makes within the account, as a role. @throws naming what is not allowed */
  require(roleArn: string, call: Pick<AwsCall, 'action' | 'resource'>): void;
  /**
   * Credentials of a role for a service, on behalf of one of its resources.
   * @param now the clock of the process that gets them; default: this machine's
   * @throws where its trust policy refuses
   */
  assume(
    roleArn: string,
    service: { readonly name: string; readonly sourceArn: string },
    now?: () => number,
  ): Credentials;
  /** Every refusal, in order. */
  readonly denials: readonly string[];
}

export interface PermissionsOptions {
  readonly accountId: string;
  readonly identities: Identities;
  readonly deployment: () => Deployment;
}

export function createPermissions({ accountId, identities, deployment }: PermissionsOptions): Permissions {
  const iam = createIam({ deployment });
  const denials: string[] = [];
  const noted = <T extends { readonly allowed: boolean; readonly message?: string }>(decision: T): T => {
    if (!decision.allowed) denials.push(decision.message ?? 'denied');
    return decision;
  };
  const decide = (
    principal: Principal,
    call: Pick<AwsCall, 'action' | 'resource' | 'context'>,
  ): Authorization => {
    if (principal.kind === 'operator') return { allowed: true };
    const caller = principal.kind === 'role' ? principal.arn : principal;
    const decision = noted(iam.authorize({ ...call, caller }));
    return decision.allowed ? { allowed: true } : { allowed: false, message: decision.message };
  };
  const orThrow = (decision: { readonly allowed: boolean; readonly message?: string }) => {
    if (!decision.allowed) throw new Error(`AccessDenied: ${decision.message}`);
  };

  return {
    iam,
    denials,
    authorize: (call) => {
      const known = identities.authorize(call);
      const principal = identities.principalOf(call.accessKeyId);
      return known.allowed && principal !== undefined ? decide(principal, call) : known;
    },
    require: (arn, call) => orThrow(decide({ kind: 'role', arn }, { ...call, context: ownContext })),
    assume: (roleArn, { name, sourceArn }, now) => {
      const service = { kind: 'service', name, sourceArn, sourceAccount: accountId } as const;
      orThrow(noted(iam.assumeRole(roleArn, service)));
      return identities.issue(roleArn, now);
    },
  };
}

const ownContext = { 'aws:SecureTransport': 'true' };
