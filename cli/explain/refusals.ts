import type { Finding } from './explain.ts';
import type { Template } from './template-file.ts';

/** Settings whose values are examples: CloudFormation looks at the template's rules first. */
export function refusalsOf({ Rules = {} }: Template): readonly Finding[] {
  if (Rules.ExampleValues === undefined) return [];
  const says =
    'values of the settings are examples still, and CloudFormation refuses to deploy them: relay doctor names them';
  return [{ level: 'refused', says, action: 'added', thing: 'rule', name: 'ExampleValues', properties: [] }];
}
