/** Looks up the names in a template. Each function throws for a name that does not exist, and names it. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  /** `{{resolve:service:key}}`. */
  dynamicReference(service: string, key: string): string;
}

/** The value of `Ref: AWS::NoValue`. A property with this value is left out. */
export const noValue = Symbol('AWS::NoValue');

/**
 * Replaces every intrinsic function in a value by what it stands for.
 *
 * @param where the value's place in the template, for messages
 * @throws naming a function that is not known here
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolveValue(value: unknown, scope: Scope, where: string): unknown {
  if (typeof value === 'string') return resolveDynamic(value, scope);
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolveValue(item, scope, `${where}.${index}`))
      .filter((item) => item !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::')))
    return call(name, argument, { scope, where });
  return Object.fromEntries(
    entries
      .map(([key, item]) => [key, resolveValue(item, scope, `${where}.${key}`)] as const)
      .filter(([, item]) => item !== noValue),
  );
}

/** Evaluates an entry of `Conditions`. */
export function resolveCondition(value: unknown, scope: Scope, where: string): boolean {
  const [name, argument] = Object.entries(value as object)[0] ?? [];
  const all = () => (argument as readonly unknown[]).map((item) => resolveCondition(item, scope, where));
  if (name === 'Condition') return scope.condition(String(argument));
  if (name === 'Fn::Not') return !all()[0];
  if (name === 'Fn::And') return all().every(Boolean);
  if (name === 'Fn::Or') return all().some(Boolean);
  if (name === 'Fn::Equals') {
    const [left, right] = resolveValue(argument, scope, where) as unknown[];
    return String(left) === String(right);
  }
  throw new Error(`${where}: the local CloudFormation does not know ${name} in a condition`);
}

/** The logical ids and parameters that a value mentions. */
export function mentionedNames(value: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) mentionedNames(item, names);
  if (typeof value !== 'object' || value === null) return names;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref') names.add(String(item));
    else if (key === 'Fn::GetAtt') names.add(getAttParts(item)[0]);
    else mentionedNames(item, names);
    if (key === 'Fn::Sub') {
      const text = Array.isArray(item) ? String(item[0]) : String(item);
      for (const [, name] of text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)) names.add(name!);
    }
  }
  return names;
}

interface CallSite {
  readonly scope: Scope;
  readonly where: string;
}

function call(name: string, argument: unknown, site: CallSite): unknown {
  const { scope, where } = site;
  const resolved = () => resolveValue(argument, scope, where) as unknown[];
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? noValue : scope.ref(String(argument));
    case 'Fn::GetAtt': {
      const [id, attribute] = getAttParts(argument);
      return scope.getAtt(id, attribute);
    }
    case 'Fn::Join': {
      const [separator, parts] = resolved() as [string, unknown[]];
      return parts.join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = resolved() as [string, string];
      return text.split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = resolved() as [number | string, unknown[]];
      if (!(Number(index) in list)) throw new Error(`${where}: Fn::Select finds no element ${index}`);
      return list[Number(index)];
    }
    case 'Fn::Sub':
      return substitute(argument, site);
    case 'Fn::If': {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return resolveValue(scope.condition(condition) ? yes : no, scope, where);
    }
    case 'Fn::FindInMap': {
      const [map, first, second] = resolved() as [string, string, string];
      return scope.mapping(map, first, second);
    }
    default:
      throw new Error(`${where}: the local CloudFormation does not know ${name}`);
  }
}

function substitute(argument: unknown, { scope, where }: CallSite): string {
  const [text, variables] = Array.isArray(argument)
    ? (argument as [string, Record<string, unknown>])
    : [argument as string, {}];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return String(resolveValue(variables[name], scope, where));
    const dot = name.indexOf('.');
    return String(dot < 0 ? scope.ref(name) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1)));
  });
}

/** `['Id', 'Attribute']` or `'Id.Attribute'`; the attribute may hold further dots. */
function getAttParts(argument: unknown): [id: string, attribute: string] {
  if (Array.isArray(argument)) return [String(argument[0]), argument.slice(1).join('.')];
  const text = String(argument);
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

function resolveDynamic(text: string, scope: Scope): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replace(/\{\{resolve:([^:}]+):([^}]+)\}\}/g, (_, service: string, key: string) =>
    scope.dynamicReference(service, key),
  );
}
