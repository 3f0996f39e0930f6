import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
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
  const { app, context } = await readCdkJson(options.root);
  const { program, words, shell } = programOf(app);
  const child = spawn(program, words, {
    shell,
    cwd: options.root,
    env: {
      ...process.env,
      // `node` is then the one that this process runs on.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      CDK_OUTDIR: options.outdir,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...context,
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
  /** The folder of the `cdk.json` that names the app. */
  readonly root: string;
  readonly outdir: string;
  readonly stage: string;
  /** Gives a witness to each stream that has none. */
  readonly witness?: 'detect' | 'recover';
  /** Absolute path of a module whose `stages` are taken. Absent for the app's own choice, by the folder's `cdk.json`. */
  readonly settings?: string;
  readonly signal: AbortSignal;
}

interface CdkJson {
  /** A command for a shell, such as `node app.ts`. */
  readonly app: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

async function readCdkJson(folder: string): Promise<CdkJson> {
  const file = join(folder, 'cdk.json');
  let read: Partial<CdkJson>;
  try {
    read = Object(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new RelayError('SynthFailed', `${file} cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
  const { app, context } = read;
  if (typeof app === 'string' && app.trim() !== '') return { app, context };
  throw new RelayError('SynthFailed', `${file} names no app; it needs one such as "app": "node app.ts"`);
}

/** A plain command is run without a shell, so that a signal reaches the app itself. */
function programOf(app: string) {
  const words = app.trim().split(/\s+/);
  const plain = words[0] === 'node' && /^[\w\s./:=@-]+$/.test(app);
  return plain
    ? { program: process.execPath, words: words.slice(1), shell: false }
    : { program: app, words: [], shell: true };
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
  return text === '' ? 'the app failed and said nothing' : text;
}
