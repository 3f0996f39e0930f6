import { resolve } from 'node:path';
import { runCommandLine } from './run/command-line.ts';
import { listenForInterrupt } from './run/interrupt.ts';
import { synthesize } from './run/synthesize.ts';

/** What `npm start` runs. */
const { signal, dispose } = listenForInterrupt(process);
process.exitCode = await runCommandLine(process.argv.slice(2), {
  root: resolve(import.meta.dirname, '..'),
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  synthesize,
  signal,
});
dispose();
