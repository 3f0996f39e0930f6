import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayError } from '../../functions/relay-error.ts';
import { outputOf } from './child-output.ts';

/**
 * Synthesises the stack into a folder of the run's own, as `cdk synth` would do: `cdk.out` is the operator's.
 *
 * @param outdir an empty folder
 * @throws {RelayError} with the app's own words: `SettingsUnreadable` if the settings cannot be read, else `SynthFailed`
 * @see cdk.json, whose `app` and `context` this follows
 */
export async function synthesize(options: SynthesizeOptions): Promise<void> {
  const settings = JSON.parse(await readFile(join(options.root, 'cdk.json'), 'utf8')) as {
    readonly context?: Record<string, unknown>;
  };
  const child = spawn(process.execPath, [join(options.root, 'infra', 'app.ts')], {
    cwd: options.root,
    env: {
      ...process.env,
      CDK_OUTDIR: options.outdir,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...settings.context,
        stage: options.stage,
        witness: options.witness,
        settings: options.settings,
      }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
    // Ctrl-C reaches the whole foreground group; the signal above ends the child in any other case.
    killSignal: 'SIGKILL',
  });
  const { code, text } = await outputOf(child);
  if (code === 0) return;
  const unreadable = code === 2;
  throw new RelayError(unreadable ? 'SettingsUnreadable' : 'SynthFailed', synthMessage(text));
}

export interface SynthesizeOptions {
  /** The project's folder. */
  readonly root: string;
  readonly outdir: string;
  readonly stage: string;
  /** Gives a witness to each stream that has none. */
  readonly witness?: 'detect' | 'recover';
  /** Absolute path of a module whose `stages` are taken. Absent for the app's own choice, by the folder's `cdk.json`. */
  readonly settings?: string;
  readonly signal: AbortSignal;
}

/** What the app said, without the source excerpt and stack that Node puts around an uncaught error. */
function synthMessage(output: string): string {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const excerptEnd = lines.findLastIndex((line) => /^\s*\^+$/.test(line));
  const text = lines
    .slice(excerptEnd + 1)
    .filter((line) => !/^\s+at .*[:)]/.test(line) && !/^Node\.js v\d/.test(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .replace(/^(?:Uncaught )?\w*Error: /, '');
  return text === '' ? 'infra/app.ts failed and said nothing' : text;
}
