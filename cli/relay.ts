#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { type Command, CommandError, type Terminal } from './command.ts';
import { commands } from './commands.ts';

/** The operator's commands: `npm run relay -- COMMAND`, or `relay COMMAND`. */
export async function relay(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview());
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    terminal.problem(`relay: there is no command ${name}; there are ${Object.keys(commands).join(', ')}`);
    return 2;
  }
  const { command } = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(command.usage);
    return 0;
  }
  return runCommand(name, command, rest, terminal);
}

async function runCommand(
  name: string,
  command: Command,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.problem(`relay ${name}: ${error.message}`);
    return error.exitCode;
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ['Usage: relay COMMAND [options]', '', ...lines, '', 'relay COMMAND --help tells more.'].join('\n');
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

if (import.meta.main) {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  process.exitCode = await relay(process.argv.slice(2), {
    out: (text) => void process.stdout.write(`${text}\n`),
    problem: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    ask: process.stdin.isTTY ? ask : undefined,
    interrupted: interruption.signal,
  });
}
