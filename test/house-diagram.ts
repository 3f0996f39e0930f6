import type { SourceImport } from './source-imports.ts';

/** A part of the repository in a diagram. */
export interface Part {
  /** As it is written in the diagram, and unique. */
  readonly name: string;
  holds(path: string): boolean;
}

/**
 * Draws which part imports which, as a Mermaid flowchart. A solid arrow loads code, a dotted one is of types alone.
 *
 * @param parts a file belongs to the first part that holds it; files that none holds are left out
 */
export function drawImports(imports: readonly SourceImport[], parts: readonly Part[]): string {
  const partOf = (path: string): number => parts.findIndex((part) => part.holds(path));
  const loads = new Map<string, boolean>();
  for (const { from, to, kind, typeOnly } of imports) {
    if (kind === 'node' || kind === 'computed') continue;
    const [source, target] = [partOf(from), partOf(kind === 'package' ? packagePath(to) : to)];
    if (source < 0 || target < 0 || source === target) continue;
    const key = `${source} ${target}`;
    loads.set(key, (loads.get(key) ?? false) || !typeOnly);
  }
  const ids = new Set([...loads.keys()].flatMap((key) => key.split(' ').map(Number)));
  const nodes = parts.flatMap(({ name }, id) => (ids.has(id) ? [`  p${id}["${name}"]`] : []));
  const arrows = [...loads]
    .map(([key, code]) => ({ ends: key.split(' ').map(Number), code }))
    .toSorted((a, b) => a.ends[0]! - b.ends[0]! || a.ends[1]! - b.ends[1]!)
    .map(({ ends: [source, target], code }) => `  p${source} ${code ? '-->' : '-.->'} p${target}`);
  return ['flowchart TD', ...nodes, ...arrows].join('\n');
}

/** A library of this repository is imported by its package's name. */
function packagePath(name: string): string {
  return name.replace(/^@mosaic-relay\//, 'packages/').concat('/index.ts');
}
