import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The time after which nothing more is installed, in milliseconds since the epoch. */
    installBefore: number;
  }
}

/** Creates the folder that a test file installs into. It is deleted when the file has run, after every later hook. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relay-outside-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs a step of an installation, by the tool's own settings of where packages come from.
 *
 * @returns what the program printed; `missing` says in one line why the step did not succeed
 */
export async function install(
  program: string,
  options: readonly string[],
  folder: string,
): Promise<Installed> {
  const timeoutMs = Math.min(longestStepMs, inject('installBefore') - Date.now());
  if (timeoutMs < 1_000) return { missing: 'no time is left to install it' };
  const { error, output } = await runProgram(program, options, { folder, timeoutMs });
  return error === undefined ? { output } : { missing: reasonOf(program, error, output) };
}

export type Installed =
  | { readonly output: string; readonly missing?: undefined }
  | { readonly missing: string };

/** Runs a program to its end. `error` is absent where it ended well. */
export async function runProgram(
  program: string,
  options: readonly string[],
  { folder, timeoutMs }: { readonly folder: string; readonly timeoutMs: number },
): Promise<{ readonly error?: ExecFileException; readonly output: string }> {
  const limits = {
    cwd: folder,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  } as const;
  return new Promise((resolve) => {
    execFile(program, options, limits, (error, stdout, stderr) =>
      resolve({ ...(error === null ? {} : { error }), output: `${stdout}${stderr}` }),
    );
  });
}

const longestStepMs = 240_000;

function reasonOf(program: string, error: ExecFileException, output: string): string {
  if (error.code === 'ENOENT') return `there is no ${program} here`;
  if (error.killed) return `${program} took too long`;
  const told = output.split('\n').find((line) => /error|not found|cannot|no matching/i.test(line));
  return `${program} failed: ${(told ?? error.message.split('\n')[0]!).trim().slice(0, 200)}`;
}

/** Says in one line that a part is skipped, and why. Hooks of a file that is skipped do not run, so its folder goes here. */
export function tellSkipped(name: string, missing: string | undefined, folder: string): void {
  if (missing === undefined) return;
  rmSync(folder, { recursive: true, force: true });
  console.warn(`skipped: ${name} (${missing})`);
}
