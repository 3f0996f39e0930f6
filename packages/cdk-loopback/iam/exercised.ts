import type { Grant } from './evaluate.ts';
import { type Policy, principalText } from './policy.ts';

/** Which of the permissions that a template gives were ever used. */
export interface Exercised {
  /** Notes the grants that allowed a call. */
  note(grants: readonly Grant[]): void;
  /** Every allowed action on every resource of the policies that no call used, in the policies' order. */
  unused(policies: readonly Policy[]): readonly Grant[];
}

export function createExercised(): Exercised {
  const used = new Set<string>();
  return {
    note: (grants) => {
      for (const grant of grants) used.add(keyOf(grant));
    },
    unused: (policies) => {
      const unused = policies.flatMap(grantsOf).filter((grant) => !used.has(keyOf(grant)));
      // A managed policy of several roles stands in the list once for each.
      return [...new Map(unused.map((grant) => [keyOf(grant), grant])).values()];
    },
  };
}

function grantsOf({ statements }: Policy): readonly Grant[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ name, principals, actions, resources }) =>
      (principals?.map((principal) => ({ principal: principalText(principal) })) ?? [{}]).flatMap((named) =>
        actions.flatMap((action) =>
          resources.map((resource) => ({ statement: name, ...named, action, resource })),
        ),
      ),
    );
}

function keyOf({ statement, principal, action, resource }: Grant): string {
  return [statement, principal, action, resource].join('\n');
}
