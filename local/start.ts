import { appFolder } from '../cli/access/settings-file.ts';
import { createAsk } from '../cli/ask.ts';
import { runCommandLine } from './run/command-line.ts';
import type { FaultSets } from './run/fault-set.ts';
import type { StartName } from './run/flags.ts';
import { listenForInterrupt } from './run/interrupt.ts';
import { synthesize } from './run/synthesize.ts';

/**
 * Runs the command line of this process, and sets its exit code.
 *
 * @param means.called the program as its user typed it
 */
export async function start({ faultSets, called }: StartMeans = {}): Promise<void> {
  const { signal, dispose } = listenForInterrupt(process);
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    // Asked for only once the settings were read, and what is wrong with them has been said.
    get root() {
      return appFolder();
    },
    called,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    synthesize,
    faultSets,
    ask: process.stdin.isTTY ? createAsk(process.stdin, process.stderr) : undefined,
    signal,
  });
  dispose();
}

interface StartMeans {
  readonly faultSets?: FaultSets;
  readonly called?: StartName;
}
