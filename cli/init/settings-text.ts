import { exampleValues } from '../../infra/config/example-values.ts';

/** A constant of the file, which stands for a value. */
export class Name {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A value as TypeScript, in which a line with an example says so.
 *
 * @param value plain data
 * @param path where it stands: `stages.dev`
 */
export function settingsText(value: unknown, path: string, indent = ''): string {
  if (value instanceof Name) return value.text;
  if (typeof value !== 'object' || value === null) return literal(value);
  const short = onOneLine(value);
  if (short !== undefined && exampleValues(value, path).length === 0) return short;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((each, place) => line('', each, { path: `${path}[${place}]`, indent: inner }))
    : Object.entries(value).map(([name, each]) =>
        line(`${key(name)}: `, each, { path: `${path}.${name}`, indent: inner }),
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join('\n')}\n${indent}${close}`;
}

interface Place {
  readonly path: string;
  readonly indent: string;
}

function line(name: string, value: unknown, { path, indent }: Place): string {
  const isExample = typeof value === 'string' && exampleValues(value, path).length > 0;
  const mark = isExample ? ' // an example: give your own' : '';
  return `${indent}${name}${settingsText(value, path, indent)},${mark}`;
}

/** An object of one member, or a list of those, as a person would write it; undefined for anything larger. */
function onOneLine(value: object): string | undefined {
  if (value instanceof Name) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((each) => (typeof each === 'object' ? onOneLine(each) : literal(each)));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  const [[name, inner] = ['', {}], ...others] = Object.entries(value);
  return others.length > 0 || typeof inner === 'object' ? undefined : `{ ${key(name)}: ${literal(inner)} }`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : JSON.stringify(value);
}
