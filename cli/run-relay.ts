import { createInterface } from 'node:readline/promises';
import { outputOf } from './arguments/output.ts';
import { callCommand } from './call-command.ts';

/** Performs this process's command line on this process's terminal. */
export async function runRelay(): Promise<void> {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  process.exitCode = await callCommand(process.argv.slice(2), {
    ...outputOf(process),
    isTerminal: process.stdout.isTTY === true,
    ask: process.stdin.isTTY ? ask : undefined,
    interrupted: interruption.signal,
  });
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C counts as the answer no.
  lines.once('SIGINT', () => lines.write('no\n'));
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
