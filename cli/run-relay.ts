import { createInterface } from 'node:readline';
import { outputOf } from './arguments/output.ts';
import { beginWaiting } from './arguments/waiting.ts';
import { createAsk } from './ask.ts';
import { callCommand } from './call-command.ts';

/** Performs this process's command line on this process's terminal. */
export async function runRelay(): Promise<void> {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  // The reader of the output has enough of it, as `head` has.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await callCommand(process.argv.slice(2), {
    ...outputOf(process),
    isTerminal: process.stdout.isTTY === true,
    ...(process.stderr.isTTY &&
      process.env.TERM !== 'dumb' && { wait: (text: string) => beginWaiting(text, process.stderr) }),
    ask: process.stdin.isTTY ? createAsk(process.stdin, process.stderr) : undefined,
    firstLine: () => firstLineOf(process.stdin),
    interrupted: interruption.signal,
  });
}

async function firstLineOf(input: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input })) return line;
  return undefined;
}
