import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { destinationKinds } from '../../../infra/destinations/destination-kinds.ts';
import { drawFaults, type EverythingPlan } from '../../../lab/faults/everything/draw-faults.ts';
import { faultSets } from '../../../lab/faults/fault-sets.ts';
import { runCommandLine } from '../../../local/run/command-line.ts';
import { removedWhileHeld, removedWhileOwed } from '../../../local/run/fault-set.ts';
import type { Report } from '../../../local/run/report.ts';
import { type SynthesizeOptions, synthesize } from '../../../local/run/synthesize.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-everything-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const kinds: readonly (readonly [name: string, is: (plan: EverythingPlan) => boolean])[] = [
  ['nothing but single faults', ({ episodes }) => episodes === 0],
  [
    'a destination that goes while its delivery stream holds events, and comes back',
    (plan) => comesAndGoes(plan) && !isReplaced(plan) && isHeld(plan),
  ],
  ['a stream id that is replaced', (plan) => isReplaced(plan) && !comesAndGoes(plan)],
  [
    'a stream id that is replaced while a destination comes and goes',
    (plan) => isReplaced(plan) && comesAndGoes(plan) && !isHeld(plan),
  ],
  [
    'a table that is put back under living runs',
    ({ restore, daysDown }) => restore !== undefined && !daysDown,
  ],
  ['an S3 that refuses the journal for minutes', refusesEarly],
  ['a table that fails for minutes', ({ tableOutage }) => tableOutage?.inRun === false],
  [
    'a journal permission that is gone for a while',
    ({ journalDenied, lastsMs }) => journalDenied !== undefined && journalDenied.fromMs < lastsMs / 4,
  ],
  ['a source that is slow by size', ({ slowBySize }) => slowBySize !== undefined],
  ['answers that are repeated', ({ repeats }) => repeats !== undefined],
  ['a timeout below the setting', ({ timeout }) => timeout !== undefined && timeout.seconds < 300],
  ['a timeout above the setting', ({ timeout }) => timeout !== undefined && timeout.seconds > 300],
  ['less quota than the settings say', ({ lessQuota }) => lessQuota !== undefined],
  ['a replaced stream that is falsely empty', (plan) => plan.emptyWhenReplacedMs !== undefined],
  ['two destinations more', ({ more }) => more.count === 2],
];

test.each(kinds)('with a witness nothing is lost to %s', async (_, is) => {
  const seed = firstSeed(is);
  const { code, stream, stderr } = await everything(seed);

  expect({ code, stderr, stream }).toMatchObject({ code: 0, stream: { generated: 200, missing: 0 } });
  const plan = drawFaults(seed, few);
  const befell = Object.keys(stream.faults ?? {});
  for (const { name } of plan.changes) expect(befell).toContain(name);
  // A removal that finds nothing undelivered would show nothing.
  if (comesAndGoes(plan)) expect(befell).toContain(isHeld(plan) ? removedWhileHeld : removedWhileOwed);
  if (plan.restore !== undefined) expect(befell).toContain('table put back under living runs');
  if (refusesEarly(plan)) expect(befell).toContain('S3 refuses the journal for minutes');
  if (plan.tableOutage?.inRun === false) expect(befell).toContain('DynamoDB fails for minutes');
  if (plan.journalDenied !== undefined) expect(befell).toContain('journal permission gone for a while');
  if (plan.timeout !== undefined)
    expect(befell.some((name) => /^timeout (below|above) the setting$/.test(name))).toBe(true);
  if (plan.lessQuota !== undefined) expect(befell).toContain('Firehose accepts less than the settings say');
  expect(stream.destinations.filter(({ name }) => name.startsWith('more-'))).toHaveLength(plan.more.count);
  expect(befell.length).toBeGreaterThan(6);
});

test('with witnesses nothing is lost of four types to destinations of every kind', async () => {
  const { code, streams, stderr } = await run('--every-kind --events 100', 3);

  expect({ code, stderr }).toMatchObject({ code: 0 });
  const kinds = streams.flatMap(({ destinations }) => destinations.map(({ kind }) => kind));
  expect(new Set(kinds)).toEqual(new Set(Object.keys(destinationKinds)));
  for (const stream of streams) expect(stream).toMatchObject({ generated: 100, missing: 0 });
});

test('events that plain S3 lost while it was down for days are delivered from the journal', async () => {
  // The stream's one destination is the S3 of the settings, so that it is the one that is down.
  const seed = firstSeed(
    ({ daysDown, changes, more }) => daysDown !== undefined && changes.length === 0 && more.count === 0,
  );
  const { code, stream } = await everything(seed);

  expect(code).toBe(0);
  expect(stream).toMatchObject({ delivered: 200, missing: 0, faults: { 'down for days': 1 } });
  expect(stream.destinations).toMatchObject([{ kind: 's3' }]);
  expect(stream.destinations[0]!.redriven).toBeGreaterThan(0);
});

test('with witnesses nothing is lost of four types to Splunk, S3, an HTTP endpoint and Google', async () => {
  const seed = firstSeed(
    (plan) => refusesEarly(plan) && plan.journalOutage?.silent === 0 && plan.more.count === 0,
    { events: 300 },
  );
  const { code, streams, stderr } = await run('--events 300', seed);

  expect({ code, stderr }).toMatchObject({ code: 0 });
  const kinds = streams.map(({ type, destinations }) => [type, ...destinations.map(({ kind }) => kind)]);
  expect(kinds).toEqual([
    ['cis', 's3', 'splunk'],
    ['admin', 's3'],
    ['risk', 'http'],
    ['verify', 'gcs'],
  ]);
  for (const stream of streams) {
    expect(stream).toMatchObject({ generated: 300, missing: 0 });
    expect(Object.keys(stream.faults ?? {})).toContain('S3 refuses the journal for minutes');
  }
});

test('without a witness, every lost event was lost before it was journaled', async () => {
  const { code, stream } = await everything(firstSeed(comesAndGoes), '--no-witness');
  expect(code).toBe(0);
  const { generated, delivered, missing, quarantined, witnessed } = stream;
  expect(delivered + missing + quarantined).toBe(generated);
  expect(witnessed).toBe(0);
});

const few = { events: 200 };

/** What waits in real time for calls that nobody answers is in `outages.long.test.ts`. */
function firstSeed(is: (plan: EverythingPlan) => boolean, options = few): number {
  for (let seed = 1; ; seed += 1) {
    const plan = drawFaults(seed, options);
    if (!plan.silentCall && !plan.silentCollect && is(plan)) return seed;
  }
}

function comesAndGoes({ changes }: EverythingPlan): boolean {
  return changes.some(({ name }) => name === 'destination put back');
}

/** Taken away while its delivery stream holds events, rather than while batches wait for it in the journal. */
function isHeld({ changes }: EverythingPlan): boolean {
  return changes.some(({ removedWhile }) => removedWhile === 'held');
}

function isReplaced({ changes }: EverythingPlan): boolean {
  return changes.some(({ name }) => name === 'stream id replaced');
}

/** With an hour and a half of ticks after it, for it begins with a PUT: most runs die, and many come to none. */
function refusesEarly({ journalOutage, lastsMs, changes, episodes }: EverythingPlan): boolean {
  return (
    journalOutage !== undefined && journalOutage.fromMs < lastsMs / 4 && episodes > 0 && changes.length === 0
  );
}

async function everything(seed: number, more = '') {
  const { streams, ...ended } = await run(`--types admin --events 200 ${more}`.trim(), seed);
  return { ...ended, stream: streams[0]! };
}

async function run(what: string, seed: number) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const line = `--faults everything ${what} --seed ${seed} --json --out ${join(folder, `out-${seed}`)}`;
  const code = await runCommandLine(line.split(' '), {
    root: join(import.meta.dirname, '../../..'),
    stdout: { write: (text) => stdout.push(String(text)) > 0 },
    stderr: { write: (text) => stderr.push(String(text)) > 0 },
    env: {},
    synthesize: (options) => synthesizeOnce(what, options),
    faultSets,
    signal: new AbortController().signal,
  });
  const report = JSON.parse(stdout.join('').trimEnd().split('\n').at(-1)!) as Report;
  return { code, streams: report.streams, stderr: stderr.join('') };
}

const made = new Map<string, Promise<string>>();

/** A module of settings is named for what stands in it beside the types, and is the same for every seed. */
async function synthesizeOnce(what: string, options: SynthesizeOptions): Promise<void> {
  const key = `${what}-${basename(options.settings ?? '')}-${options.witness}`;
  const make = async (): Promise<string> => {
    const outdir = await mkdtemp(join(folder, 'assembly-'));
    await synthesize({ ...options, outdir });
    return outdir;
  };
  const making = made.get(key) ?? make();
  made.set(key, making);
  await cp(await making, options.outdir, { recursive: true });
}
