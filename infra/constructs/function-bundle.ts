import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/**
 * The code of one folder of `functions/`, bundled from its `handler.ts`. Give the same object to every function that
 * runs it: it is then bundled and uploaded once.
 *
 * Built in memory and only then written, so that the source map, and with it the hash, does not depend on the
 * folder that the assembly is written to.
 */
export function functionBundle(scope: Construct, name: string): lambda.Code {
  const code = lambda.Code.fromAsset(join(root, 'functions', name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the local bundler below always succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle: (outputFolder) => {
          for (const { path, contents } of bundle(name)) writeFileSync(join(outputFolder, path), contents);
          return true;
        },
      },
    },
  });
  // Else the asset would belong to the first function that uses it, and change with the order of the streams.
  code.bind(new Construct(scope, `${name}-bundle`));
  return code;
}

interface BundledFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** `index.mjs` and its source map. */
export function bundle(name: string): readonly BundledFile[] {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [`functions/${name}/handler.ts`],
    outfile: 'index.mjs',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    alias: { '@aws-sdk/credential-provider-node': './functions/lambda-credentials.ts' },
    sourcemap: 'linked',
    sourcesContent: false,
    // What is CommonJS inside still calls require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outputFiles.map(({ path, contents }) => ({ path: path.slice(root.length + 1), contents }));
}
