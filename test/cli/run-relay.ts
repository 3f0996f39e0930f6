import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalDeployment, localDeploymentFile } from '../../cli/access/local-deployment.ts';
import { callCommand } from '../../cli/call-command.ts';
import type { Terminal } from '../../cli/command.ts';

export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly problems: string;
}

/** Runs a command, as `relay` would, with a terminal that nobody looks at. */
export async function runRelay(
  args: readonly string[],
  terminal: Partial<Terminal> = {},
): Promise<CommandRun> {
  const out: string[] = [];
  const problems: string[] = [];
  const code = await callCommand(args, {
    out: (text) => void out.push(text),
    problem: (text) => void problems.push(text),
    isTerminal: false,
    columns: 80,
    interrupted: new AbortController().signal,
    ...terminal,
  });
  return { code, out: out.join('\n'), problems: problems.join('\n') };
}

/** A folder in which a local run tells of itself. */
export async function localRunFolder(local: LocalDeployment | string) {
  const path = await mkdtemp(join(tmpdir(), 'relay-local-'));
  const text = typeof local === 'string' ? local : JSON.stringify(local);
  await writeFile(join(path, localDeploymentFile), text);
  return { path, remove: () => rm(path, { recursive: true }) };
}
