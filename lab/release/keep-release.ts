/**
 * Keeps the assembly of an earlier release, as `npm run release` does of the one at hand: `node
 * lab/release/keep-release.ts FOLDER`, of that release's project.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keepRelease } from './kept-release.ts';
import { withReleaseAssembly } from './release-assembly.ts';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};
await withReleaseAssembly(root, (assemblyDir) => {
  process.stdout.write(`${keepRelease(assemblyDir, { version })}\n`);
});
