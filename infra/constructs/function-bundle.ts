import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type BundledFile, bundledFrom, makeBundle } from './make-bundle.ts';

/** The folders of `functions/` that are deployed. */
export const functionNames = ['collector', 'stream-lifecycle', 'object-copier'] as const;

/** Ceilings of one bundle: its code, without the source map; and its import time against the AWS SDK's Firehose client. */
export const bundleCeilings = { bytes: 640_000, importRatio: 1.8 };

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
  const code = lambda.Code.fromAsset(bundledFrom(name), {
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

/** `index.cjs` and its source map, of the function in a folder of `functions/`; made once a process. */
export function bundle(name: string): readonly BundledFile[] {
  let files = bundles.get(name);
  if (files === undefined) {
    files = makeBundle(name);
    bundles.set(name, files);
  }
  return files;
}

const bundles = new Map<string, readonly BundledFile[]>();
