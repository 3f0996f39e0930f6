/**
 * Keeps the assembly of a release under `test/fixtures/releases`, of which later versions prove that they can be deployed
 * over it: `node lab/release/keep-release.ts [FOLDER]`. The folder is that of the project, this one by default.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { synthesize } from '../../local/run/synthesize.ts';
import { keepRelease } from './kept-release.ts';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};
const outdir = mkdtempSync(join(tmpdir(), 'relay-release-'));
try {
  const settings = join(import.meta.dirname, 'settings.ts');
  await synthesize({ root, outdir, stage: 'dev', settings, signal: new AbortController().signal });
  process.stdout.write(`${keepRelease(outdir, { version })}\n`);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
