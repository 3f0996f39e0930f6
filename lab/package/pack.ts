/** What `npm run pack` runs: builds the package, and leaves its tarball in `packed/`. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import './build.ts';
import { packageManifest } from './manifest.ts';
import { shippedFiles } from './shipped-files.ts';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'packed');

const staging = mkdtempSync(join(tmpdir(), 'relay-package-'));
try {
  cpSync(join(root, 'dist'), join(staging, 'dist'), { recursive: true });
  for (const [path, text] of shippedFiles(root)) {
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    writeFileSync(join(staging, path), text);
  }
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(packageManifest(root), null, 2)}\n`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  console.error('Packing the tarball');
  pack();
} finally {
  rmSync(staging, { recursive: true, force: true });
}

/** npm's own client, whose path npm tells the scripts that it runs. */
function pack(): void {
  const { npm_execpath: npm } = process.env;
  const words = ['pack', '--ignore-scripts', '--pack-destination', target, '--json'];
  const [command, before] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const { status, stdout } = spawnSync(command, [...before, ...words], {
    cwd: staging,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: npm === undefined && process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm pack ended with ${status}`);
  const read = JSON.parse(stdout) as Record<string, Packed> | readonly Packed[];
  const [packed] = Object.values(read) as readonly Packed[];
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  console.log(
    `${join('packed', packed!.filename)}: ${(packed!.size / 1_048_576).toFixed(1)} MiB, ${packed!.entryCount} files, version ${version}`,
  );
}

interface Packed {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly entryCount: number;
}
