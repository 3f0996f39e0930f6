import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledFile } from './make-bundle.ts';

/** In the package, in place of `make-bundle.ts`: bundles were made when the package was built, so that nobody needs esbuild. */
const bundles = join(import.meta.dirname, '../../bundles');

export function bundledFrom(name: string): string {
  return join(bundles, name);
}

export function makeBundle(name: string): readonly BundledFile[] {
  return readdirSync(bundledFrom(name))
    .sort()
    .map((path) => ({ path, contents: readFileSync(join(bundledFrom(name), path)) }));
}
