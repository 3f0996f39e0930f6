import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledViewsFile } from '../functions/collector/contract.ts';
import type { ViewKey } from '../functions/collector/views/view-key.ts';
import type { CompiledView } from '../functions/stored/compiled-view.ts';

/** The compiled views of an assembly, by their labels. */
export function bundledViews(assemblyDir: string): Readonly<Record<string, CompiledView>> {
  const files = readdirSync(assemblyDir)
    .map((asset) => join(assemblyDir, asset, bundledViewsFile))
    .filter((file) => existsSync(file));
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
}

/** Values for the secrets that hold the keys of an assembly's views, by ARN: the same ones each time. */
export function viewKeys(assemblyDir: string): Readonly<Record<string, string>> {
  const arns = Object.values(bundledViews(assemblyDir)).flatMap(({ key }) => key ?? []);
  return Object.fromEntries(
    arns.map((arn) => {
      const { id, secret } = viewKey(arn);
      return [arn, JSON.stringify({ id, key: Buffer.from(secret).toString('base64') })];
    }),
  );
}

/** The key that a local stack has under this ARN. */
export function viewKey(arn: string): ViewKey {
  return { id: 'local', secret: hash('sha256', arn, 'buffer') };
}
