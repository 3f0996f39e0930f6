import { createInterface } from 'node:readline/promises';
import { callCommand } from './call-command.ts';

/** Performs this process's command line on this process's terminal. */
export async function runRelay(): Promise<void> {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  process.exitCode = await callCommand(process.argv.slice(2), {
    out: (text) => void process.stdout.write(`${text}\n`),
    problem: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    ask: process.stdin.isTTY ? ask : undefined,
    interrupted: interruption.signal,
  });
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C is an answer too.
  lines.once('SIGINT', () => lines.write('no\n'));
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
