import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultSets } from '../../../lab/faults/fault-sets.ts';
import { killedBefore, whileOwed } from '../../../lab/faults/upgrade/upgrade-faults.ts';
import { runCommandLine } from '../../../local/run/command-line.ts';
import type { Report } from '../../../local/run/report.ts';
import { type SynthesizeOptions, synthesize } from '../../../local/run/synthesize.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-upgrade-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  [1, 'cis', 'splunk'],
  [2, 'admin', 's3'],
  [3, 'verify', 'gcs'],
])(
  'seed %i: an upgrade from 0.1.0, back, and again, under faults, loses nothing of %s on its way to %s',
  async (seed, type, kind) => {
    const { code, stderr, stream } = await upgraded(seed, type);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stream).toMatchObject({ generated: 60, missing: 0, destinations: [{ kind }] });
    // Each version finds open runs, batches and a lease of the other. A table, bucket, key or delivery stream that a
    // deploy replaces ends the run.
    expect(stream.faults).toMatchObject({
      'upgraded from 0.1.0': 2,
      'went back to 0.1.0': 1,
      [whileOwed]: 3,
      [killedBefore]: 3,
    });
  },
);

async function upgraded(seed: number, type: string) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const line = `--faults upgrade --types ${type} --events 60 --seed ${seed} --json --out ${join(folder, `out-${seed}`)}`;
  const code = await runCommandLine(line.split(' '), {
    root: join(import.meta.dirname, '../../..'),
    stdout: { write: (text) => stdout.push(String(text)) > 0 },
    stderr: { write: (text) => stderr.push(String(text)) > 0 },
    env: {},
    synthesize: synthesizeOnce,
    faultSets,
    signal: new AbortController().signal,
  });
  const report = JSON.parse(stdout.join('').trimEnd().split('\n').at(-1)!) as Report;
  return { code, stream: report.streams[0]!, stderr: stderr.join('') };
}

let made: Promise<string> | undefined;

async function synthesizeOnce(options: SynthesizeOptions): Promise<void> {
  const make = async (): Promise<string> => {
    const outdir = await mkdtemp(join(folder, 'assembly-'));
    await synthesize({ ...options, outdir });
    return outdir;
  };
  made ??= make();
  await cp(await made, options.outdir, { recursive: true });
}
