import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where this library is compiled into a package, in place of `plain-script.ts`: the script is JavaScript already. */
export function plainScript(path: string): string {
  return readFileSync(join(import.meta.dirname, `${path}.js`), 'utf8');
}
