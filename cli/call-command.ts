import { relayVersion } from '../infra/config/relay-version.ts';
import { unknownCommand } from './arguments/program.ts';
import { WrongUse } from './arguments/wrong-use.ts';
import type { Terminal } from './command.ts';
import { commands } from './commands.ts';

/**
 * Performs one of the operator's commands: `relay COMMAND`.
 *
 * @param args without node and script
 * @returns the exit code
 */
export async function callCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help' && rest[0] !== undefined) return callCommand([rest[0], '--help'], terminal);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview());
    return name === undefined ? WrongUse.exitCode : 0;
  }
  if (name === '--version') {
    terminal.out(relayVersion());
    return 0;
  }
  if (name === 'start') {
    // The package's program has started it; the repository's does not.
    terminal.problem('relay: here the local run is npm start');
    return WrongUse.exitCode;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    terminal.problem(`relay: ${unknownCommand(name, Object.keys(commands)).message}`);
    return WrongUse.exitCode;
  }
  const { command } = await entry.load();
  return command.execute(rest, terminal);
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Usage: relay COMMAND [options]',
    '',
    ...lines,
    '',
    'relay try URL reads your own events from Mosaic before anything is deployed; relay try --help shows its flags.',
    'relay start runs a stage on this machine, as npm start does; relay start --help shows its flags.',
    'relay COMMAND --help shows the flags of a command, relay --version the version.',
  ].join('\n');
}
