import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The template's metadata that says which version wrote it. Absent in what 0.2.0 and earlier versions wrote. */
export const versionMetadata = 'mosaic-siem-relay:version';

/** The relay's version, such as `0.1.0`: that of the package in which this file lies. */
export function relayVersion(): string {
  const file = findPackageJSON('..', import.meta.url);
  if (file === undefined) throw new Error(`no package.json above ${import.meta.url}`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
