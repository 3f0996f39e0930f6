/**
 * The part of Azure's resource templates that the content needs, written once and printed as ARM's JSON and as Bicep.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
 */
export interface AzureTemplate {
  readonly parameters: Readonly<Record<string, AzureParameter>>;
  readonly resources: readonly AzureResource[];
  readonly outputs: Readonly<Record<string, Expression>>;
}

export interface AzureParameter {
  readonly says: string;
  /** Absent: the parameter is required. */
  readonly default?: string | Expression;
}

export interface AzureResource {
  /** Bicep's name for it, by which other resources refer to it. */
  readonly symbol: string;
  /** Such as `Microsoft.Insights/dataCollectionRules`. */
  readonly type: string;
  readonly version: string;
  readonly name: Expression;
  readonly dependsOn?: readonly string[];
  /** `location`, `kind`, `properties` and so on. */
  readonly body: Readonly<Record<string, Value>>;
}

export type Value =
  | string
  | number
  | boolean
  | Expression
  | readonly Value[]
  | { readonly [name: string]: Value };

/** What is only known at deployment, in both languages. */
export class Expression {
  readonly arm: string;
  readonly bicep: string;

  constructor(arm: string, bicep: string) {
    this.arm = arm;
    this.bicep = bicep;
  }
}

export function parameter(name: string): Expression {
  return new Expression(`parameters('${name}')`, name);
}

export function armTemplate({ parameters, resources, outputs }: AzureTemplate): string {
  const idOf = new Map(resources.map((resource) => [resource.symbol, armId(resource)]));
  return `${JSON.stringify(
    {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      parameters: mapValues(parameters, ({ says, default: value }) => ({
        type: 'string',
        ...(value === undefined ? {} : { defaultValue: armValue(value) }),
        metadata: { description: says },
      })),
      resources: resources.map(({ type, version, name, dependsOn, body }) => ({
        type,
        apiVersion: version,
        name: armValue(name),
        ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.map((symbol) => `[${idOf.get(symbol)}]`) }),
        ...(armValue(body) as object),
      })),
      outputs: mapValues(outputs, (value) => ({ type: 'string', value: armValue(value) })),
    },
    null,
    2,
  )}\n`;
}

/** ARM's id of a resource: the name of a child is its parent's name, a slash and its own. */
function armId({ type, name }: AzureResource): string {
  return `resourceId('${type}', ${armNameParts(name.arm).join(', ')})`;
}

function armNameParts(name: string): readonly string[] {
  const child = /^format\('\{0\}\/([^']*)', (.*)\)$/.exec(name);
  return child === null ? [name] : [child[2]!, `'${child[1]!}'`];
}

function armValue(value: Value): unknown {
  if (value instanceof Expression) return `[${value.arm}]`;
  // A text that begins with a bracket would be read as an expression.
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (Array.isArray(value)) return value.map((each) => armValue(each as Value));
  if (typeof value === 'object')
    return mapValues(value as Readonly<Record<string, Value>>, (each) => armValue(each));
  return value;
}

export function bicepTemplate({ parameters, resources, outputs }: AzureTemplate): string {
  const declared = Object.entries(parameters).map(([name, { says, default: value }]) =>
    [
      `@description(${bicepText(says)})`,
      `param ${name} string${value === undefined ? '' : ` = ${bicepValue(value, '')}`}`,
    ].join('\n'),
  );
  const made = resources.map(({ symbol, type, version, name, dependsOn, body }) => {
    const after = dependsOn === undefined ? [] : [['dependsOn', dependsOn.map(bare)] as const];
    const members = Object.fromEntries<Value>([['name', name], ...Object.entries(body), ...after]);
    return `resource ${symbol} '${type}@${version}' = ${bicepValue(members, '')}`;
  });
  const told = Object.entries(outputs).map(
    ([name, value]) => `output ${name} string = ${bicepValue(value, '')}`,
  );
  return `${['// Generated from content/mapping/ by "npm run content".', ...declared, ...made, ...told].join('\n\n')}\n`;
}

function bare(symbol: string): Expression {
  return new Expression('', symbol);
}

function bicepValue(value: Value, indent: string): string {
  if (value instanceof Expression) return value.bicep;
  if (typeof value === 'string') return bicepText(value);
  if (typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((each) => `${inner}${bicepValue(each as Value, inner)}`);
    return items.length === 0 ? '[]' : `[\n${items.join('\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([name, each]) =>
      `${inner}${/^[A-Za-z_]\w*$/.test(name) ? name : bicepText(name)}: ${bicepValue(each as Value, inner)}`,
  );
  return members.length === 0 ? '{}' : `{\n${members.join('\n')}\n${indent}}`;
}

function bicepText(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('${', '\\${');
  return `'${escaped}'`;
}

function mapValues<From, To>(
  all: Readonly<Record<string, From>>,
  make: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, make(value)]));
}
