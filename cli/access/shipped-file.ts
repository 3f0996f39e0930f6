import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** The absolute path of a file that comes with the relay, such as `content/opensearch/index-template.json`. */
export function shippedFile(path: string): string {
  const manifest = findPackageJSON('..', import.meta.url);
  if (manifest === undefined) throw new Error(`no package.json above ${import.meta.url}`);
  return join(dirname(manifest), path);
}
