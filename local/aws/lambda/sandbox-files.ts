import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** The two scripts that every sandbox runs, as plain JavaScript. */
export interface SandboxFiles {
  readonly preload: string;
  readonly runtimeClient: string;
}

/**
 * Writes the scripts below `workDir`. Node could strip the types itself, but in each sandbox that would cost
 * 20 ms and 18 MB, which would count as the function's memory.
 */
export function writeSandboxFiles(workDir: string): SandboxFiles {
  const write = (source: URL, name: string) => {
    const file = join(workDir, name);
    const options = { loader: 'ts', format: 'esm', target: 'node24' } as const;
    writeFileSync(file, transformSync(readFileSync(source, 'utf8'), options).code);
    return file;
  };
  return {
    preload: write(new URL('../../clock/preload.ts', import.meta.url), 'clock-preload.mjs'),
    runtimeClient: write(new URL('runtime-client.ts', import.meta.url), 'runtime-client.mjs'),
  };
}
