/** A call as a resource's policy sees it. */
export interface PolicyQuestion {
  readonly action: string;
  /** ARN of the secret or key whose policy is judged. */
  readonly resource: string;
  /** The account of the caller, 12 digits. */
  readonly account: string;
  /** ARN of the calling role; absent where it does not exist yet. */
  readonly role?: string;
  /** Condition keys of the call that are known, in lower case, and their values. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * The verdict of a resource's policy on a call. `allows`: it names the caller. `leaves`: it leaves the call to the policies
 * of the caller's account. `silent`: it says nothing about it. `unclear`: a statement may apply, by something that is not
 * known here.
 */
export type PolicyVerdict =
  | { readonly kind: 'allows' | 'leaves' | 'silent' }
  | { readonly kind: 'denies' | 'unclear'; readonly statement: string };

/**
 * Judges a key's or a secret's own policy, which IAM's simulation of a role leaves out.
 *
 * @param policy JSON
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function judgePolicy(policy: string, question: PolicyQuestion): PolicyVerdict {
  const found = statementsOf(policy)?.map((statement, index) => ({
    name: statement.Sid ?? `statement ${index + 1}`,
    denies: statement.Effect === 'Deny',
    ...applies(statement, question),
  }));
  if (found === undefined) return { kind: 'unclear', statement: 'the policy, which is not JSON,' };
  const denial = found.find(({ denies, holds }) => denies && holds === true);
  if (denial !== undefined) return { kind: 'denies', statement: denial.name };
  const unclearDenial = found.find(({ denies, holds }) => denies && holds === undefined);
  if (unclearDenial !== undefined) return { kind: 'unclear', statement: unclearDenial.name };
  const allowing = found.filter(({ denies, holds }) => !denies && holds === true);
  if (allowing.some(({ reach }) => reach === 'caller')) return { kind: 'allows' };
  if (allowing.length > 0) return { kind: 'leaves' };
  const unclear = found.find(({ holds }) => holds === undefined);
  return unclear === undefined ? { kind: 'silent' } : { kind: 'unclear', statement: unclear.name };
}

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

function statementsOf(policy: string): readonly Statement[] | undefined {
  try {
    const { Statement: written } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
    return [written ?? []].flat() as readonly Statement[];
  } catch {
    return undefined;
  }
}

/** True, false, or undefined where that cannot be known. */
type Known = boolean | undefined;
type Reach = 'caller' | 'account';

function applies(
  statement: Statement,
  question: PolicyQuestion,
): { readonly holds: Known; readonly reach: Reach } {
  const reach = reachOf(statement.Principal, question);
  const holds = all([
    // This check does not follow the principals that a NotPrincipal leaves out.
    'NotPrincipal' in statement ? undefined : reach !== undefined,
    meansAction(statement, question.action),
    meansResource(statement, question.resource),
    ...Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => conditionHolds({ operator, key, values }, question)),
    ),
  ]);
  return { holds, reach: reach ?? 'caller' };
}

function all(parts: readonly Known[]): Known {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function reachOf(principal: Statement['Principal'], { account, role }: PolicyQuestion): Reach | undefined {
  const named = principal === '*' ? ['*'] : [principal?.AWS ?? []].flat();
  if (named.some((one) => one === '*' || one === role)) return 'caller';
  return named.some((one) => one === account || one === `arn:aws:iam::${account}:root`)
    ? 'account'
    : undefined;
}

function meansAction({ Action, NotAction }: Statement, action: string): boolean {
  if (NotAction !== undefined) return ![NotAction].flat().some((one) => like(one, action));
  return [Action ?? []].flat().some((one) => like(one, action));
}

/** A statement without either is about what the policy belongs to. Capitals count in an ARN. */
function meansResource({ Resource, NotResource }: Statement, resource: string): boolean {
  if (NotResource !== undefined) return ![NotResource].flat().some((one) => like(one, resource, 's'));
  return Resource === undefined || [Resource].flat().some((one) => like(one, resource, 's'));
}

interface WrittenCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: string | readonly string[];
}

function conditionHolds({ operator, key, values }: WrittenCondition, { context }: PolicyQuestion): Known {
  const known = /^(?:Bool|(String|Arn)(Not)?(EqualsIgnoreCase|Equals|Like))(?:IfExists)?$/.exec(operator);
  const given = context[key.toLowerCase()];
  if (known === null || given === undefined) return undefined;
  const [, type, not, comparison] = known;
  const matches = [values].flat().some((value) => {
    const written = String(value);
    // Of ARNs, Equals is Like.
    if (comparison === 'Like' || type === 'Arn') return like(written, given, 's');
    if (comparison === 'Equals') return written === given;
    return written.toLowerCase() === given.toLowerCase();
  });
  return not === undefined ? matches : !matches;
}

/** By IAM's wildcards, without regard to case unless `flags` say otherwise. */
function like(pattern: string, value: string, flags = 'is'): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`, flags).test(value);
}
