import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** The folders of `functions/` that are deployed. */
export const functionNames = ['collector', 'stream-lifecycle', 'object-copier'] as const;

/** Ceilings of one bundle: its code, without the source map; and its import time against the AWS SDK's Firehose client. */
export const bundleCeilings = { bytes: 600_000, importRatio: 1.8 };

/**
 * The code of one folder of `functions/`, bundled from its `handler.ts`. Give the same object to every function that
 * runs it: it is then bundled and uploaded once.
 *
 * @param beside further files of the asset
 *
 * Built in memory and only then written, so that the source map, and with it the hash, does not depend on the
 * folder that the assembly is written to.
 */
export function functionBundle(
  scope: Construct,
  name: string,
  beside: readonly BundledFile[] = [],
): lambda.Code {
  const code = lambda.Code.fromAsset(join(root, 'functions', name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the local bundler below always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle: (outputFolder) => {
          for (const { path, contents } of [...bundle(name), ...beside])
            writeFileSync(join(outputFolder, path), contents);
          return true;
        },
      },
    },
  });
  // Otherwise the asset would belong to the first function that uses it, and change with the order of the streams.
  code.bind(new Construct(scope, `${name}-bundle`));
  return code;
}

export interface BundledFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** `index.cjs` and its source map, of the function in a folder of `functions/`; made once a process. */
export function bundle(name: string): readonly BundledFile[] {
  let files = bundles.get(name);
  if (files === undefined) {
    files = makeBundle(name);
    bundles.set(name, files);
  }
  return files;
}

export function makeBundle(name: string): readonly BundledFile[] {
  return bundled({ entry: `functions/${name}/handler.ts`, format: 'cjs', alias: leftOut });
}

const bundles = new Map<string, readonly BundledFile[]>();

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

/** One file of code and its source map. */
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
    sourcemap: 'linked',
    sourcesContent: false,
    banner: format === 'esm' ? { js: requireInModule } : {},
    logLevel: 'error',
  });
  return outputFiles.map(({ path, contents }) => ({ path: path.slice(root.length + 1), contents }));
}

/** What is CommonJS inside still calls require. */
const requireInModule =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
