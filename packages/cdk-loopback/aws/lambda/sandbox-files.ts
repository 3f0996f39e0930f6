import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** The scripts that sandboxes run, as plain JavaScript. */
export interface SandboxFiles {
  readonly preload: string;
  /** For those whose sleeps are skipped. */
  readonly sleepPreload: string;
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
    sleepPreload: write(new URL('../../clock/sleep-preload.ts', import.meta.url), 'sleep-preload.mjs'),
    runtimeClient: write(new URL('runtime-client.ts', import.meta.url), 'runtime-client.mjs'),
  };
}
