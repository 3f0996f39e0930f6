import { appFolder } from '../cli/access/settings-file.ts';
import { runCommandLine } from './run/command-line.ts';
import type { FaultSets } from './run/fault-set.ts';
import { listenForInterrupt } from './run/interrupt.ts';
import { synthesize } from './run/synthesize.ts';

/** Runs the command line of this process, and sets its exit code. */
export async function start(faultSets?: FaultSets): Promise<void> {
  const { signal, dispose } = listenForInterrupt(process);
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    // Asked for only once the settings were read, and what is wrong with them has been said.
    get root() {
      return appFolder();
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    synthesize,
    faultSets,
    signal,
  });
  dispose();
}
