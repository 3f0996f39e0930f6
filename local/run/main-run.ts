import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultSet, faultSetOf } from './fault-set.ts';
import type { MainCommand } from './options.ts';
import { performRun, type RunMeans } from './perform-run.ts';
import { createProgress } from './progress.ts';
import type { RunContext } from './run-context.ts';
import { createRunTotals } from './run-totals.ts';
import { type SettingsFiles, writeVariants } from './settings/settings-variants.ts';
import { showResult } from './show-result.ts';
import type { SynthesizeOptions } from './synthesize.ts';

/**
 * The main job, once or with one seed after the other.
 *
 * @returns 0 when nothing is missing, else 1
 */
export async function runMain(
  command: MainCommand & { readonly settings: string },
  context: RunContext,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-settings-'));
  try {
    const faultSet = faultSetOf(command, context);
    const settings = await settingsOf(command, faultSet, folder);
    const progress = createProgress(context.stderr);
    if (command.runs === undefined)
      return await performRun(command, { context, progress, settings, show: showResult });
    return await performRuns(command, { context: onOneSynth(context, folder), settings });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Settings of which only the streams that take part are kept, where a run varies them. */
async function settingsOf(
  command: MainCommand & { readonly settings: string },
  faultSet: FaultSet | undefined,
  folder: string,
): Promise<SettingsFiles | undefined> {
  const own = faultSet?.settings;
  if (own !== undefined) return () => own;
  const narrow = command.runs !== undefined || faultSet?.witness !== undefined;
  return narrow ? writeVariants(folder, command) : undefined;
}

async function performRuns(
  command: MainCommand,
  means: Pick<RunMeans, 'context' | 'settings'>,
): Promise<number> {
  const { stdout, stderr } = means.context;
  const totals = createRunTotals();
  const progress = { stage: () => undefined, update: () => undefined, stop: () => undefined };
  for (let seed = command.seed; seed < command.seed + (command.runs ?? 1); seed += 1) {
    try {
      await performRun(
        { ...command, seed },
        {
          ...means,
          progress,
          show: (outcomes, options) => {
            const { line, problems } = totals.add(seed, outcomes, options);
            stdout.write(`${line}\n`);
            for (const problem of problems) stderr.write(`seed ${seed}: ${problem}\n`);
            return 0;
          },
        },
      );
    } catch (error) {
      if (means.context.signal.aborted) throw error;
      stderr.write(`seed ${seed}: ${totals.fail(error)}\n`);
    }
  }
  stdout.write(`${totals.lines().join('\n')}\n`);
  if (command.json) stdout.write(`${JSON.stringify(totals.report())}\n`);
  return totals.sound() ? 0 : 1;
}

/** Synthesises the stage once and copies it for each run. */
function onOneSynth(context: RunContext, folder: string): RunContext {
  const made = new Map<string, Promise<string>>();
  const synthesizeOnce = async (options: SynthesizeOptions): Promise<string> => {
    const outdir = join(folder, `assembly-${made.size}`);
    await mkdir(outdir);
    await context.synthesize({ ...options, outdir });
    return outdir;
  };
  return {
    ...context,
    synthesize: async (options) => {
      const { outdir, signal: _signal, ...wanted } = options;
      const key = JSON.stringify(wanted);
      const making = made.get(key) ?? synthesizeOnce(options);
      made.set(key, making);
      await cp(await making, outdir, { recursive: true });
    },
  };
}
