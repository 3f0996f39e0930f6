/** Reading JSON that may not be what it should: each throws a message that begins with `name`. */

/** @throws when it is none */
export function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${name}: must be an object, not ${show(value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** One text or a list of them, none empty. */
export function texts(value: unknown, name: string): readonly string[] {
  const all = list(value).map((one) => text(one, name));
  if (all.length === 0) throw new Error(`${name}: is empty`);
  return all;
}

/** @throws when it is none, or empty */
export function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  // YAML and JSON templates may write a condition's value as it is meant.
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw new Error(`${name}: must be text, not ${show(value)}`);
}

/** One value is a list of one. */
export function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** @throws naming each key that is not among `known` */
export function refuseOthers(
  statement: Readonly<Record<string, unknown>>,
  name: string,
  known: readonly string[],
): void {
  const others = Object.keys(statement).filter((key) => !known.includes(key));
  if (others.length > 0) throw new Error(`${name}: ${others.join(', ')} is not modelled here`);
}

/** For messages. */
export function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
