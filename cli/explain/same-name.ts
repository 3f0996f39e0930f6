/**
 * True where a deploy resolves both names to one: the settings may name the account and the region that a template without them
 * takes from the deploy.
 */
export function isResolvedSame(was: unknown, is: unknown): boolean {
  const [before, after] = [textOf(was), textOf(is)];
  return patternOf(before).test(after) || patternOf(after).test(before);
}

/** A name as text, in which what a deploy fills in stands as JSON. */
function textOf(name: unknown): string {
  if (typeof name === 'string') return name;
  const { 'Fn::Join': join } = Object(name) as {
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  return join === undefined ? JSON.stringify(name ?? null) : join[1].map(textOf).join(join[0]);
}

function patternOf(text: string): RegExp {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const open = Object.entries(resolved).reduce(
    (pattern, [ref, values]) => pattern.replaceAll(`\\{"Ref":"${ref}"\\}`, values),
    escaped,
  );
  return new RegExp(`^${open}$`);
}

const resolved = {
  'AWS::AccountId': '\\d{12}',
  'AWS::Region': '[a-z]{2}(?:-[a-z]+)+-\\d',
} as const;
