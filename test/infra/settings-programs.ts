import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { outputOf } from '../../local/run/child-output.ts';

const repository = join(import.meta.dirname, '../..');

export interface ProgramEnd {
  readonly code: number | null;
  /** The last line that it said, without the name of the program. */
  readonly line: string;
  readonly text: string;
}

/** Runs a program in a folder. */
type RunProgram = (folder: string, settings: string | undefined, stage?: string) => Promise<ProgramEnd>;

/** Every program that reads settings, as a process of its own: Node compiles the settings, and nobody else. */
export const programs: readonly (readonly [name: string, run: RunProgram])[] = [
  [
    'cdk',
    (folder, settings, stage) =>
      end(folder, ['infra/app.ts'], {
        CDK_OUTDIR: join(folder, 'cdk.out'),
        CDK_CONTEXT_JSON: JSON.stringify({ settings, ...(stage && { stage }) }),
      }),
  ],
  ['relay doctor', (...told) => onStage(['cli/relay.ts', 'doctor'], told)],
  ['relay status', (...told) => onStage(['cli/relay.ts', 'status'], told)],
  ['relay advise', (...told) => onStage(['cli/relay.ts', 'advise'], told)],
  ['npm start', (...told) => onStage(['lab/start.ts', '--events', '1', '--out', join(told[0], 'out')], told)],
  [
    'npm start --faults',
    (...told) =>
      onStage(
        ['lab/start.ts', '--events', '1', '--out', join(told[0], 'out'), '--faults', 'everything'],
        told,
      ),
  ],
  [
    'npm start --api',
    (...told) =>
      onStage(
        ['lab/start.ts', '--api', 'http://127.0.0.1:9', '--stream', 'mine', '--out', join(told[0], 'out')],
        told,
      ),
  ],
];

function onStage(words: readonly string[], [folder, settings, stage]: Parameters<RunProgram>) {
  return end(
    folder,
    [...words, ...(settings ? ['--settings', settings] : []), ...(stage ? ['--stage', stage] : [])],
    {},
  );
}

async function end(
  folder: string,
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramEnd> {
  const child = spawn(process.execPath, [join(repository, file), ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      MOSAIC_CLIENT_ID: 'i',
      MOSAIC_CLIENT_SECRET: 's',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { code, text } = await outputOf(child);
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  return { code, text, line: line.replace(/^(relay \w+|npm start): (--stage: )?/, '') };
}
