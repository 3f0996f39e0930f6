import type { RequestContext } from './policy.ts';

/** The same text, with `*` for any characters and `?` for one, case-sensitive. */
export function matchesWildcards(pattern: string, value: string): boolean {
  return compiled(pattern).test(value);
}

/**
 * Compares ARNs as IAM does: each of the first five parts by itself, and the rest, which may have colons, as one.
 *
 * @see IAM user guide, "IAM JSON policy elements: Resource"
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = arnParts(pattern);
  const parts = arnParts(arn);
  return (
    wanted.length === parts.length && wanted.every((part, index) => matchesWildcards(part, parts[index]!))
  );
}

/**
 * Puts the request's values in the place of `${key}`. What a value holds is literal, also `*` and `?`.
 *
 * @returns undefined where the request has no such key: the statement then matches nothing
 * @see IAM user guide, "IAM policy elements: Variables and tags"
 */
export function fillVariables(text: string, context: RequestContext): string | undefined {
  let missing = false;
  const filled = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name === '*' || name === '?') return literal(name);
    if (name === '$') return name;
    const value = context[name.toLowerCase()];
    if (typeof value === 'string') return literal(value);
    missing = true;
    return '';
  });
  return missing ? undefined : filled;
}

/** Stands before a wildcard that is meant as itself: a character for private use, which no ARN or value has. */
const mark = '\uE000';

function literal(value: string): string {
  return value.replace(/[*?]/g, `${mark}$&`);
}

/** The text without marks, for operators that know no wildcards. */
export function plain(text: string): string {
  return text.replaceAll(mark, '');
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  let expression = patterns.get(pattern);
  if (expression === undefined) {
    const source = pattern.replace(/\uE000[*?]|[*?]|[.+^${}()|[\]\\]/g, (found) => {
      if (found === '*') return '[^]*';
      if (found === '?') return '[^]';
      return `\\${found.at(-1)}`;
    });
    expression = new RegExp(`^${source}$`);
    patterns.set(pattern, expression);
  }
  return expression;
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
