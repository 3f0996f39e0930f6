import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');

/** An empty folder outside the repository. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'relay-package-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end on the repository's own Node, with nobody's credentials and nothing of the npm that runs the test. */
export async function run(
  words: readonly string[],
  folder: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, words, {
    cwd: folder,
    env: { ...strangersEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs npm's own client. @throws with what it said where it fails */
export async function npm(words: readonly string[], folder: string): Promise<string> {
  const { npm_execpath: client } = process.env;
  if (client === undefined) throw new Error('run this by npm run test:package');
  const { code, stdout, stderr } = await run([client, ...words], folder);
  if (code !== 0) throw new Error(`npm ${words.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** Of npm's settings only where packages come from is left. */
function strangersEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(npm_(?!config_(registry|cache|userconfig|globalconfig))|AWS_|MOSAIC_|NODE_OPTIONS|VITEST|CDK_|INIT_CWD)/i.test(
        entry[0],
      ),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(repository, 'nowhere'),
    AWS_SHARED_CREDENTIALS_FILE: join(repository, 'nowhere'),
  };
}

/** The templates of an assembly and the names of its assets, which are hashes of what is in them. */
export function assemblyIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('template.json') || name.startsWith('asset.'))
      .map((name) => [name, name.endsWith('.json') ? readFileSync(join(folder, name), 'utf8') : '']),
  );
}
