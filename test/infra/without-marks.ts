import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Template {
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties: { readonly Destination: string } }
  >;
}

/**
 * Changes an assembly into one of a version before there were marks: the names of a destination end with the stack's own
 * mark, and no resource answers the ends.
 */
export function withoutMarks(assemblyDir: string): void {
  const files = readdirSync(assemblyDir).filter((name) => name.endsWith('.template.json'));
  for (const file of files) {
    const path = join(assemblyDir, file);
    const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
    const deliveries = Object.entries(template.Resources).filter(
      ([, { Type }]) => Type === 'Custom::Delivery',
    );
    const resources = new Map(deliveries);
    for (const [id] of deliveries) delete template.Resources[id];
    const named = JSON.parse(JSON.stringify(template), (key, value) => {
      if (key === 'DependsOn') return [value].flat().filter((id) => !resources.has(id));
      const [id, attribute] = (value?.['Fn::GetAtt'] ?? []) as readonly string[];
      const delivery = resources.get(id ?? '');
      if (delivery === undefined) return value;
      const { Destination } = delivery.Properties;
      return attribute === 'DeliveryStream' ? ofStack : attribute === 'Logs' ? Destination : 'copier';
    });
    writeFileSync(path, JSON.stringify(named));
  }
}

const guid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
const ofStack = { 'Fn::Select': [0, { 'Fn::Split': ['-', guid] }] };
