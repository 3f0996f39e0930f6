import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledViewsFile } from '../functions/collector/contract.ts';
import type { CompiledView } from '../functions/stored/compiled-view.ts';

/** The compiled views of an assembly, by their labels. */
function bundledViews(assemblyDir: string): Readonly<Record<string, CompiledView>> {
  const files = readdirSync(assemblyDir)
    .map((asset) => join(assemblyDir, asset, bundledViewsFile))
    .filter((file) => existsSync(file));
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
}

/** Values for the secrets that hold the keys of an assembly's views, by ARN: the same ones each time. */
export function viewKeys(assemblyDir: string): Readonly<Record<string, string>> {
  const arns = Object.values(bundledViews(assemblyDir)).flatMap(({ key }) => key ?? []);
  return Object.fromEntries(
    arns.map((arn) => [arn, JSON.stringify({ id: 'local', key: hash('sha256', arn, 'base64') })]),
  );
}
