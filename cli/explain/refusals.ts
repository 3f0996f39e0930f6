import type { Finding } from './explain.ts';
import type { Template } from './template-file.ts';

/** Settings whose values are examples, by the template's rules, at which CloudFormation looks before anything else. */
export function refusalsOf({ Rules = {} }: Template): readonly Finding[] {
  if (Rules.ExampleValues === undefined) return [];
  const { Assertions = [] } = Object(Rules.ExampleValues) as {
    readonly Assertions?: readonly { readonly AssertDescription?: unknown }[];
  };
  // `stages.prod.account: '111122223333' is an example …`
  const paths = Assertions.map(({ AssertDescription }) => /^[^:]+/.exec(String(AssertDescription))?.[0]);
  return [
    {
      level: 'refused',
      says: 'CloudFormation refuses to deploy values that are examples: put your own',
      action: 'found',
      thing: 'example values',
      name: paths.length === 0 ? 'in the settings' : paths.join(', '),
      properties: [],
    },
  ];
}
