import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import * as source from '../../infra/constructs/make-bundle.ts';

export const bundledFrom = source.bundledFrom;

/**
 * What `infra/constructs/make-bundle.ts` makes, byte for byte, but once in a test run and not once in each of its
 * processes. `vitest.config.ts` lets `function-bundle.ts` import this file in its place. The folder is this run's own,
 * so that runs which overlap lend each other nothing.
 */
export function makeBundle(name: string): readonly source.BundledFile[] {
  const kept = join(inject('bundleFolder'), `${name}.json`);
  if (existsSync(kept)) return read(kept);
  const files = source.makeBundle(name);
  const text = files.map(({ path, contents }) => [path, Buffer.from(contents).toString('base64')]);
  // A process that reads meanwhile finds the whole file or none.
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(text));
  renameSync(`${kept}.${process.pid}`, kept);
  return files;
}

function read(file: string): readonly source.BundledFile[] {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly [path: string, base64: string])[];
  return kept.map(([path, base64]) => ({ path, contents: Buffer.from(base64, 'base64') }));
}
