import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainScript } from './plain-script.ts';

/** The scripts that sandboxes run, as plain JavaScript. */
export interface SandboxFiles {
  readonly preload: string;
  /** For those whose sleeps are skipped. */
  readonly sleepPreload: string;
  readonly runtimeClient: string;
}

/** Writes the scripts below `workDir`. */
export function writeSandboxFiles(workDir: string): SandboxFiles {
  const write = (path: string, name: string) => {
    const file = join(workDir, name);
    writeFileSync(file, plainScript(path));
    return file;
  };
  return {
    preload: write('../../clock/preload', 'clock-preload.mjs'),
    sleepPreload: write('../../clock/sleep-preload', 'sleep-preload.mjs'),
    runtimeClient: write('runtime-client', 'runtime-client.mjs'),
  };
}
