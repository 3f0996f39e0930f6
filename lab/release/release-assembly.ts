import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/run/synthesize.ts';

/**
 * Synthesises the stage of which releases are kept.
 *
 * @param root the folder of the project whose app does it, which may be an earlier version's
 * @param use gets the folder of the assembly, which is gone afterwards
 */
export async function withReleaseAssembly<Result>(
  root: string,
  use: (assemblyDir: string) => Result,
): Promise<Result> {
  const outdir = mkdtempSync(join(tmpdir(), 'relay-release-'));
  try {
    const settings = join(import.meta.dirname, 'settings.ts');
    await synthesize({ root, outdir, stage: 'dev', settings, signal: new AbortController().signal });
    return use(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
