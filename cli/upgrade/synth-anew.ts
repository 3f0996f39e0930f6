import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackNameOf } from '../../infra/config/names.ts';
import { CommandError } from '../command.ts';
import { readTemplateFile, type Template } from '../explain/template-file.ts';

/**
 * Synthesises a stage with the app of the working folder, into a folder of its own: `cdk.out` may be of the version before. What
 * the CDK says is shown where it fails, and only there.
 *
 * @throws {CommandError} with the CDK's own words
 */
export async function synthAnew(stage: string): Promise<Template> {
  const outdir = mkdtempSync(join(tmpdir(), 'relay-upgrade-'));
  try {
    const words = ['cdk', 'synth', '--quiet', '--context', `stage=${stage}`, '--output', outdir];
    const failure = await failureOf(['--no-install', ...words]);
    if (failure !== undefined) {
      throw new CommandError(
        `npx cdk synth failed: ${failure}; put that right, or name a template with --template`,
      );
    }
    return await readTemplateFile(join(outdir, `${stackNameOf(stage)}.template.json`));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Runs npx. @returns what it said where it failed, else undefined */
async function failureOf(words: readonly string[]): Promise<string | undefined> {
  const child = spawn('npx', words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code) => resolve(code === 0 ? undefined : said.trim()));
  });
}
