import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In the package, in place of `page-script.ts`: the script was made when the package was built. */
export function pageScript(): Promise<Uint8Array> {
  return readFile(join(import.meta.dirname, 'browser', 'main.js'));
}
