/** A policy as it was read: one document, from one place in the template. */
export interface Policy {
  /** Where it stands, such as `CollectorRole.Policies.own`. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** The policy's name, and the statement's `Sid` or place. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** Lower case; only a `Deny` has wildcards. */
  readonly actions: readonly string[];
  /** As written, variables included. */
  readonly resources: readonly string[];
  /** Absent in an identity policy. */
  readonly principals?: readonly PolicyPrincipal[];
  readonly conditions: readonly Condition[];
}

export type PolicyPrincipal =
  | { readonly kind: 'everyone' }
  /** An account's root: all of the account, as far as its own policies say so. */
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string };

/** A principal in one word: an ARN, an account, a service, or `*`. */
export function principalText(principal: PolicyPrincipal): string {
  switch (principal.kind) {
    case 'everyone':
      return '*';
    case 'account':
      return principal.accountId;
    case 'role':
      return principal.arn;
    case 'service':
      return principal.name;
  }
}

export interface Condition {
  /** `StringEquals` and the like, without prefix and suffix. */
  readonly operator: string;
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  /** Lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** The caller of a service. */
export type Caller =
  | {
      readonly kind: 'role';
      readonly arn: string;
      readonly accountId: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'service';
      /** `scheduler.amazonaws.com`. */
      readonly name: string;
      /** On behalf of what it acts. */
      readonly sourceArn?: string;
      readonly sourceAccount?: string;
    };

/** Condition keys and their values; a key that may have several values has a list. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;
