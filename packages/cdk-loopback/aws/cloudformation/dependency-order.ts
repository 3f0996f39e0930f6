import { mentionedNames } from '../../assembly/intrinsics.ts';
import type { TemplateResource } from '../../assembly/template.ts';

/**
 * Orders resources so that each comes after those that it depends on, and otherwise in the template's order.
 *
 * @throws naming a cycle, or a resource that depends on a missing one
 */
export function dependencyOrder(
  resources: Readonly<Record<string, TemplateResource>>,
): ReadonlyMap<string, readonly string[]> {
  const ordered = new Map<string, readonly string[]>();
  const visit = (id: string, path: readonly string[]) => {
    if (ordered.has(id)) return;
    if (path.includes(id)) throw new Error(`circular dependency: ${[...path, id].join(' → ')}`);
    const needs = needsOf(id, resources);
    for (const need of needs) visit(need, [...path, id]);
    ordered.set(id, needs);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return ordered;
}

function needsOf(id: string, resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const { Properties, DependsOn = [] } = resources[id]!;
  const explicit = typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
  const absent = explicit.find((need) => !Object.hasOwn(resources, need));
  if (absent !== undefined) throw new Error(`${id} depends on ${absent}, which is not in the template`);
  const mentioned = [...mentionedNames(Properties)].filter((name) => Object.hasOwn(resources, name));
  return [...new Set([...explicit, ...mentioned])];
}
