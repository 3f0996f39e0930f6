import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageSettings } from '../../../infra/config/settings.ts';
import { stageApp } from '../../../infra/stage-app.ts';
import { faultSets } from '../../../lab/faults/fault-sets.ts';
import { runCommandLine } from '../../../local/run/command-line.ts';
import type { Report } from '../../../local/run/report.ts';
import { stageOf } from '../../infra/synthesized.ts';

/** One stage, synthesised once with its bundles, and run as `npm start` would. */
export interface StageOnThisMachine {
  /** @param line what follows `npm start --` */
  start(line: string): Promise<FinishedRun>;
  remove(): Promise<void>;
}

export interface FinishedRun {
  readonly code: number;
  readonly report: Report;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder of delivered objects. */
  readonly out: string;
}

export async function stageOnThisMachine(settings: StageSettings): Promise<StageOnThisMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-stage-'));
  const assembly = join(folder, 'assembly');
  const stage = stageOf(settings);
  stageApp(stage, { outdir: assembly }).synth();
  const file = join(folder, 'settings.json');
  // `npm start` takes the stage dev, where its command line names none.
  await writeFile(file, JSON.stringify({ stages: { dev: settings, [stage.name]: settings } }));
  let runs = 0;
  return {
    async start(line) {
      runs += 1;
      const out = join(folder, `out-${runs}`);
      const [stdout, stderr] = [capture(), capture()];
      const code = await runCommandLine([...line.split(' '), '--settings', file, '--json', '--out', out], {
        root: join(import.meta.dirname, '../../..'),
        stdout,
        stderr,
        env: {},
        faultSets,
        synthesize: ({ outdir }) => cp(assembly, outdir, { recursive: true }),
        signal: new AbortController().signal,
      });
      const last = stdout.text().trimEnd().split('\n').at(-1) ?? '';
      const report = (last.startsWith('{') ? JSON.parse(last) : { streams: [], elapsedMs: 0 }) as Report;
      return { code, report, stdout: stdout.text(), stderr: stderr.text(), out };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function capture() {
  const parts: string[] = [];
  return {
    write: (text: string | Uint8Array) => parts.push(String(text)) > 0,
    text: () => parts.join(''),
  };
}
