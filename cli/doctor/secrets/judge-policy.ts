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
  const parsed = parsePolicy(policy);
  const call = { ...question, context: { 'aws:resourceaccount': ownerOf(question), ...question.context } };
  const found = parsed?.statements.map((statement, index) => ({
    name: statement.Sid ?? `statement ${index + 1}`,
    denies: statement.Effect === 'Deny',
    ...applies(statement, { ...call, hasVariables: parsed.hasVariables }),
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

interface Policy {
  readonly statements: readonly Statement[];
  /** False in the language's first version, where `${` is text. */
  readonly hasVariables: boolean;
}

function parsePolicy(policy: string): Policy | undefined {
  try {
    const { Statement: written, Version } = JSON.parse(policy) as {
      Statement?: Statement | readonly Statement[];
      Version?: string;
    };
    return {
      statements: [written ?? []].flat() as readonly Statement[],
      hasVariables: Version === '2012-10-17',
    };
  } catch {
    return undefined;
  }
}

/** The account of the secret or key. */
function ownerOf({ resource }: PolicyQuestion): string {
  return resource.split(':')[4] ?? '';
}

interface Call extends PolicyQuestion, Pick<Policy, 'hasVariables'> {}

/** True, false, or undefined where that cannot be known. */
type Known = boolean | undefined;
type Reach = 'caller' | 'account';

function applies(statement: Statement, question: Call): { readonly holds: Known; readonly reach: Reach } {
  const reach = reachOf(statement.Principal, question);
  const holds = all([
    // This check does not follow the principals that a NotPrincipal leaves out.
    'NotPrincipal' in statement ? undefined : reach !== undefined,
    meansAction(statement, question.action),
    meansResource(statement, question),
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

function any(parts: readonly Known[]): Known {
  return not(all(parts.map(not)));
}

function not(part: Known): Known {
  return part === undefined ? undefined : !part;
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
function meansResource({ Resource, NotResource }: Statement, call: Call): Known {
  const means = (written: string): Known => {
    const pattern = filledIn(written, call);
    return pattern === undefined ? undefined : like(pattern, call.resource, 's');
  };
  if (NotResource !== undefined) return not(any([NotResource].flat().map(means)));
  return Resource === undefined ? true : any([Resource].flat().map(means));
}

interface WrittenCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: string | readonly string[];
}

function conditionHolds({ operator, key, values }: WrittenCondition, call: Call): Known {
  const known = /^(?:Bool|(String|Arn)(Not)?(EqualsIgnoreCase|Equals|Like))(?:IfExists)?$/.exec(operator);
  const given = call.context[key.toLowerCase()];
  if (known === null || given === undefined) return undefined;
  const [, type, negated, comparison] = known;
  const matches = any(
    [values].flat().map((value) => {
      const written = filledIn(String(value), call);
      if (written === undefined) return undefined;
      // Of ARNs, Equals is Like.
      if (comparison === 'Like' || type === 'Arn') return like(written, given, 's');
      if (comparison === 'Equals') return unescaped(written) === given;
      return unescaped(written).toLowerCase() === given.toLowerCase();
    }),
  );
  return negated === undefined ? matches : not(matches);
}

/**
 * Replaces the variables of a text by what the call has of them; undefined if the call's value of one is not known.
 * The text has escapes after that: `${*}`, `${?}` and `${$}` stand for these characters.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function filledIn(written: string, { context, hasVariables }: Call): string | undefined {
  if (!hasVariables) return written.replaceAll('$', escaped);
  const parts = written.split(/(\$\{[^}]*\}?)/).map((part) => {
    if (!part.startsWith('${') || isEscape.test(part)) return part;
    // A default may follow a comma: `${aws:PrincipalTag/team, 'none'}`.
    const [key] = part.slice(2, -1).split(',') as [string];
    return context[key.trim().toLowerCase()]?.replaceAll(/[*?$]/g, escaped);
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

const isEscape = /^\$\{[*?$]\}$/;

function escaped(character: string): string {
  return `\${${character}}`;
}

function unescaped(text: string): string {
  return text.replaceAll(/\$\{([*?$])\}/g, '$1');
}

/** By IAM's wildcards, without regard to case unless `flags` say otherwise. */
function like(pattern: string, value: string, flags = 'is'): boolean {
  const parts = pattern.split(/(\$\{[*?$]\}|[*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : unescaped(part).replaceAll(/[.*?+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`, flags).test(value);
}
