/** How an index reads the documents that it is sent. */
export interface IndexMapping {
  /** Types by path; `object` for one that has members. */
  readonly types: Map<string, FieldType>;
  /** Whether a member without a type gets one from the first value that comes. */
  readonly dynamic: boolean;
  readonly ignoreMalformed: boolean;
}

export type FieldType = (typeof fieldTypes)[number];

const fieldTypes = [
  'object',
  'flat_object',
  'text',
  'keyword',
  'long',
  'float',
  'double',
  'boolean',
  'date',
  'ip',
] as const;

export function dynamicMapping(): IndexMapping {
  return { types: new Map(), dynamic: true, ignoreMalformed: false };
}

/** A composable index template. */
export interface IndexTemplate {
  readonly patterns: readonly RegExp[];
  readonly priority: number;
  readonly mapping: () => IndexMapping;
}

/**
 * Reads the body of `PUT /_index_template/<name>`.
 *
 * @throws {Error} for what this receiver does not know
 */
export function readTemplate(body: unknown): IndexTemplate {
  const { index_patterns: patterns, priority = 0, template = {}, version, ...others } = asRecord(body);
  if (Object.keys(others).length > 0) throw new Error(`unknown: ${Object.keys(others).join(', ')}`);
  if (!Array.isArray(patterns) || patterns.length === 0) throw new Error('index_patterns is missing');
  if (typeof priority !== 'number') throw new Error('priority is no number');
  if (version !== undefined && typeof version !== 'number') throw new Error('version is no number');
  const { settings = {}, mappings = {}, ...rest } = asRecord(template);
  if (Object.keys(rest).length > 0) throw new Error(`unknown: template.${Object.keys(rest).join(', ')}`);
  const ignoreMalformed = asRecord(settings)['index.mapping.ignore_malformed'] === true;
  const types = new Map<string, FieldType>();
  const { dynamic = true, properties = {} } = asRecord(mappings);
  addTypes(types, asRecord(properties), '');
  return {
    patterns: patterns.map((pattern) => new RegExp(`^${String(pattern).replaceAll('*', '.*')}$`)),
    priority,
    mapping: () => ({ types: new Map(types), dynamic: String(dynamic) === 'true', ignoreMalformed }),
  };
}

function addTypes(types: Map<string, FieldType>, properties: Record<string, unknown>, above: string): void {
  for (const [name, written] of Object.entries(properties)) {
    const { type = 'object', properties: members = {} } = asRecord(written);
    const known = fieldTypes.find((one) => one === type);
    if (known === undefined)
      throw new Error(`no handler for type [${String(type)}] declared on field [${name}]`);
    types.set(above + name, known);
    addTypes(types, asRecord(members), `${above}${name}.`);
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return value as Record<string, unknown>;
}
