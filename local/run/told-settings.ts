import type { CollectorSettings } from '../../functions/collector/contract.ts';

/**
 * What a template tells a collector by its variable `SETTINGS`, where a name that CloudFormation fills in is the logical
 * id of the resource. Undefined for a function that has no such variable.
 */
export function toldSettings(variables: Readonly<Record<string, unknown>>): CollectorSettings | undefined {
  const { SETTINGS: value } = variables;
  if (value === undefined) return undefined;
  return JSON.parse(partsOf(value).map(nameOf).join('')) as CollectorSettings;
}

/** The variable with the settings changed, and with all that CloudFormation fills in as it was. */
export function changeSettings(
  value: unknown,
  change: (settings: CollectorSettings) => CollectorSettings,
): unknown {
  const parts = partsOf(value);
  const text = parts.map((part, index) => (typeof part === 'string' ? part : `${mark}${index}${mark}`));
  const changed = JSON.stringify(change(JSON.parse(text.join('')) as CollectorSettings));
  // Every other piece is the index of what stood there.
  const pieces = changed.split(mark).map((piece, at) => (at % 2 === 0 ? piece : parts[Number(piece)]));
  return pieces.length === 1 ? changed : { 'Fn::Join': ['', pieces] };
}

/** No setting has such a character, and JSON leaves it as it is. */
const mark = '\uE000';

function partsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [value];
  const [delimiter, parts] = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] })[
    'Fn::Join'
  ] ?? ['', [value]];
  if (delimiter !== '') throw new Error(`SETTINGS is joined by '${delimiter}', where nothing is expected`);
  return parts;
}

function nameOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { Ref: id } = part as { readonly Ref?: string };
  if (id !== undefined) return id;
  throw new Error(`SETTINGS holds ${Object.keys(part as object)}, where references by Ref are expected`);
}
