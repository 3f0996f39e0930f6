/** A CloudFormation template, as far as the local run reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Condition?: string;
}

const sections = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Resources',
  'Outputs',
  'Parameters',
  'Mappings',
  'Conditions',
  // The CDK's check of the bootstrap version: nothing here was bootstrapped.
  'Rules',
]);
const members = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Condition',
  'Metadata',
]);

/** @throws naming each section or attribute that is not known here */
export function checkTemplate(template: Template, where: string): Template {
  const unknown = Object.keys(template).filter((section) => !sections.has(section));
  for (const [id, resource] of Object.entries(template.Resources)) {
    unknown.push(...Object.keys(resource).flatMap((name) => (members.has(name) ? [] : [`${id}.${name}`])));
  }
  if (unknown.length > 0)
    throw new Error(`${where}: the local CloudFormation does not know ${unknown.join(', ')}`);
  return template;
}
