import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Makes the bundles of functions from their sources. The package has `make-bundle.packaged.ts` in its place. */
const root = join(import.meta.dirname, '../..');

/** The folder that the function's bundle is made from. */
export function bundledFrom(name: string): string {
  return join(root, 'functions', name);
}

/** `index.cjs` and its source map, of the function in a folder of `functions/`. */
export function makeBundle(name: string): readonly BundledFile[] {
  return bundled({ entry: `functions/${name}/handler.ts`, format: 'cjs', alias: leftOut });
}

export interface BundledFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

export interface BundleOptions {
  /** A file to begin with, below the project's folder. */
  readonly entry: string;
  /** Functions are CommonJS; the other is there to be measured. @see docs/decisions/0008-bundles-in-commonjs.md */
  readonly format: 'esm' | 'cjs';
  readonly alias: Readonly<Record<string, string>>;
}

/** Modules that never run on Lambda, each with the short file in its place. */
export const leftOut = {
  '@aws-sdk/credential-provider-node': './functions/lambda-credentials.ts',
  'node-fetch': './functions/node-fetch.ts',
};

/**
 * One file of code and its source map. No `tsconfig.json` has a part in them: the bytes are those of the sources, whoever
 * makes them. What `strict` of ours would do is done by the first line, which holds for the whole file.
 */
export function bundled({ entry, format, alias }: BundleOptions): readonly BundledFile[] {
  const { outputFiles = [] } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: format === 'esm' ? 'index.mjs' : 'index.cjs',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format,
    mainFields: ['module', 'main'],
    minify: true,
    alias: { ...alias },
    tsconfigRaw: '{}',
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: format === 'esm' ? requireInModule : '"use strict";' },
    logLevel: 'error',
  });
  return outputFiles.map(({ path, contents }) => ({ path: path.slice(root.length + 1), contents }));
}

/** What is CommonJS inside still calls require. */
const requireInModule =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
