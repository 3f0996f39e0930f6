import { importsOf } from './source-imports.ts';

/**
 * Groups of files each of which imports, over any number of steps and type imports included, every other one of its
 * group: such files can neither be read nor moved apart.
 *
 * @param sources by path from the repository's root
 * @returns each circle in the order of its imports, beginning with the first by name
 */
export function importCircles(sources: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const imports = new Map(
    [...sources].map(([path, source]) => [
      path,
      importsOf(path, source)
        .map(({ to }) => placeOf(to))
        .filter((to) => sources.has(to)),
    ]),
  );
  return components(imports).map((files) => circleWithin(new Set(files), imports));
}

/** A workspace package is imported by its name, and is its `index.ts`. */
function placeOf(to: string): string {
  return to.replace(/^@mosaic-relay\/([\w-]+)$/, 'packages/$1/index.ts');
}

type Imports = ReadonlyMap<string, readonly string[]>;

/** Strongly connected components of more than one file. @see Tarjan, "Depth-first search and linear graph algorithms" */
function components(imports: Imports): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const to of imports.get(file)!) {
      if (!order.has(to)) visit(to);
      if (stack.includes(to)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(to)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const files = stack.splice(stack.indexOf(file));
    if (files.length > 1) found.push(files.toSorted());
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}

/** The shortest way from the first file back to it. */
function circleWithin(files: ReadonlySet<string>, imports: Imports): readonly string[] {
  const [first = ''] = files;
  const ways = [[first]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const to of imports.get(way.at(-1)!)!) {
      if (to === first) return way;
      if (!files.has(to) || seen.has(to)) continue;
      seen.add(to);
      ways.push([...way, to]);
    }
  }
  return [...files];
}
