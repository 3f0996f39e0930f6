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

/** Values for the secrets that hold the keys of views, by ARN: the same ones each time. @param rotations so far, 0.. */
export function viewKeys(
  views: Readonly<Record<string, CompiledView>>,
  rotations = 0,
): Readonly<Record<string, string>> {
  const arns = Object.values(views).flatMap(({ key }) => key ?? []);
  return Object.fromEntries(
    arns.map((arn) => {
      const { id, secret } = viewKey(arn, viewKeyId(rotations));
      return [arn, JSON.stringify({ id, key: Buffer.from(secret).toString('base64') })];
    }),
  );
}

/** The key with this id that a local stack has, or has had, under this ARN. */
export function viewKey(arn: string, id = viewKeyId(0)): ViewKey {
  return { id, secret: hash('sha256', id === viewKeyId(0) ? arn : `${arn} ${id}`, 'buffer') };
}

/** The id of every key of views after so many rotations. */
export function viewKeyId(rotations: number): string {
  return rotations === 0 ? 'local' : `local-${rotations}`;
}
