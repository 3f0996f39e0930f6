import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackNameOf } from '../../infra/config/names.ts';
import { CommandError } from '../command.ts';
import { readTemplateFile, type Template } from '../explain/template-file.ts';

/**
 * Synthesises a stage with the app of the working folder, into a folder of its own: `cdk.out` may be of the version before.
 *
 * @throws {CommandError} with the CDK's own words
 */
export async function synthAnew(stage: string): Promise<Template> {
  const outdir = mkdtempSync(join(tmpdir(), 'relay-upgrade-'));
  try {
    const words = ['cdk', 'synth', '--quiet', '--context', `stage=${stage}`, '--output', outdir];
    const shell = process.platform === 'win32';
    const { status, error, stderr } = spawnSync('npx', ['--no-install', ...words], {
      encoding: 'utf8',
      shell,
    });
    if (error !== undefined || status !== 0) {
      throw new CommandError(
        `npx cdk synth failed: ${error?.message ?? stderr.trim()}; put that right, or name a template with --template`,
      );
    }
    return await readTemplateFile(join(outdir, `${stackNameOf(stage)}.template.json`));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
