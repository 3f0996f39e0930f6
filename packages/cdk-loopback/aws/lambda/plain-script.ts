import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/**
 * A script of this library as plain JavaScript. Node could strip the types itself, but in each sandbox that would cost
 * 20 ms and 18 MB, which would count as the function's memory.
 *
 * @param path from this folder, without its extension
 */
export function plainScript(path: string): string {
  const source = readFileSync(join(import.meta.dirname, `${path}.ts`), 'utf8');
  return transformSync(source, { loader: 'ts', format: 'esm', target: 'node24' }).code;
}
