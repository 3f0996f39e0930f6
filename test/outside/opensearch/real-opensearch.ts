import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { install } from '../install.ts';
import { javaMisses } from '../java.ts';

/** OpenSearch 2.19 itself, which Maven brings into a temporary folder. */
export interface RealOpenSearch {
  readonly url: string;
  stop(): Promise<void>;
}

/** Brings OpenSearch into a folder. @returns why that did not succeed; undefined where it did */
export async function installOpenSearch(folder: string): Promise<string | undefined> {
  const missing = await javaMisses(folder, { compiler: true });
  if (missing !== undefined) return missing;
  copyFileSync(join(import.meta.dirname, 'pom.xml'), join(folder, 'pom.xml'));
  for (const name of ['config', 'data', 'modules', 'plugins'])
    mkdirSync(join(folder, 'home', name), { recursive: true });
  const options = ['-q', '-B', `-Dmaven.repo.local=${join(folder, 'repository')}`];
  const copied = await install(
    'mvn',
    [...options, 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
    folder,
  );
  return copied.missing;
}

/** Starts the OpenSearch that stands in a folder, on a free port of loopback. */
export async function startRealOpenSearch(folder: string): Promise<RealOpenSearch> {
  const program = join(import.meta.dirname, 'RealOpenSearch.java');
  const java = spawn('java', ['-Xmx512m', '-cp', 'lib/*', program, join(folder, 'home')], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => java.once('exit', () => resolve()));
  const port = await portOf(java);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      java.kill('SIGKILL');
      await ended;
    },
  };
}

async function portOf(java: ChildProcess): Promise<string> {
  let errors = '';
  java.stderr!.on('data', (chunk) => (errors += String(chunk)));
  // The reader goes on after the port has come, so that a full pipe never stops the server.
  const lines = createInterface({ input: java.stdout! });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const port = /^listening (\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve(port);
    });
    java.once('error', reject);
    java.once('exit', () =>
      reject(new Error(`OpenSearch ended before it listened: ${errors.slice(-2_000)}`)),
    );
  });
}
