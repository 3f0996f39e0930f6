import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import type { Simulator } from '@mosaic-relay/mosaic-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { drawFaults, type EverythingPlan } from '../../../lab/faults/everything/draw-faults.ts';
import { everythingFaults } from '../../../lab/faults/everything/everything-faults.ts';
import { faultSets } from '../../../lab/faults/fault-sets.ts';
import { runCommandLine } from '../../../local/run/command-line.ts';
import type { Report } from '../../../local/run/report.ts';
import { type SynthesizeOptions, synthesize } from '../../../local/run/synthesize.ts';
import { createLeakScan } from '../../local/views/leak-scan.ts';

const events = 150;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-views-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const kinds: readonly (readonly [name: string, is: (plan: EverythingPlan) => boolean])[] = [
  ['nothing but single faults', ({ episodes, restore }) => episodes === 0 && restore === undefined],
  ['a table that is put back', ({ episodes, restore }) => episodes === 0 && restore !== undefined],
  [
    'episodes of each destination',
    ({ episodes, changes, daysDown }) => episodes > 0 && changes.length === 0 && !daysDown,
  ],
];

test.each(kinds)(
  'with views on two of three destinations nothing is lost, or shown, to %s',
  async (_, is) => {
    const seed = firstSeed(is);
    const { code, stderr, stream, calls, simulator } = await everything(seed);

    expect({ code, stderr, stream }).toMatchObject({
      code: 0,
      stream: { generated: events, delivered: events, missing: 0 },
    });
    const seen = stream.destinations.filter(({ name }) => name.startsWith('seen-'));
    expect(seen.map(({ delivered }) => delivered)).toEqual([events, events]);
    const [hiding, list] = seen;
    expect(hiding?.dropped).toBeGreaterThan(0);
    expect(list?.dropped).toBe(0);
    for (const name of ['may not be read', 'are malformed'])
      expect(stream.faults).toMatchObject({ [`keys of views that ${name}`]: 1 });

    const raw = [...simulator.generated('admin')].map((bytes) => Buffer.from(bytes));
    const ids = raw.map((bytes) => eventId('admin', bytes));
    const hidden = hiddenIn(raw.map(String));
    expect(hidden.length).toBeGreaterThan(50);
    const scan = createLeakScan([...hidden, ...ids]);
    const found = calls.flatMap((call) =>
      scan(Buffer.concat([Buffer.from(call.path), call.body])).map((what) => `${what} in ${call.resource}`),
    );
    expect(found.slice(0, 20)).toEqual([]);
    expect(calls.some(({ operation }) => operation === 'PutRecordBatch')).toBe(true);
  },
);

/** Values of members that both views hide, where no other member of any event has them. */
function hiddenIn(texts: readonly string[]): readonly string[] {
  const values = new Set<string>();
  const rest = texts
    .map((text) => {
      const { user_id, original_user_id, actor_id, ip, user_agent, additionalParams, ...others } =
        JSON.parse(text);
      const { email, ...params } = additionalParams ?? {};
      for (const value of [user_id, original_user_id, actor_id, ip, user_agent, email])
        if (typeof value === 'string' && value.length >= 8) values.add(value);
      return JSON.stringify([others, params]);
    })
    .join('\n');
  // An address with one digit at its end is its network but for a few bits, which base64 may put aside.
  return [...values].filter((value) => !rest.includes(value) && !/[.:][\da-f]?$/.test(value));
}

function firstSeed(is: (plan: EverythingPlan) => boolean): number {
  for (let seed = 1; ; seed += 1) {
    const plan = drawFaults(seed, { events, views: true });
    if (!plan.silentCall && !plan.silentCollect && !plan.journalOutage && is(plan)) return seed;
  }
}

/** Runs one stream, and keeps every call that could show something to a destination with a view, or to anybody. */
async function everything(seed: number) {
  const calls: AwsCall[] = [];
  let simulator: Simulator | undefined;
  const watched: typeof everythingFaults = {
    ...everythingFaults,
    prepare(ofSeed, options) {
      const faults = everythingFaults.prepare(ofSeed, options);
      const { gateway } = faults.world;
      return {
        ...faults,
        world: {
          ...faults.world,
          gateway: {
            ...gateway,
            observe(call, status) {
              if (mayShow(call)) calls.push(call);
              gateway?.observe?.(call, status);
            },
          },
        },
        begin(stage) {
          simulator = stage.simulator;
          return faults.begin(stage);
        },
      };
    },
  };
  const stdout: string[] = [];
  const stderr: string[] = [];
  const line = `--faults everything --views --types admin --events ${events} --seed ${seed} --json --out ${join(folder, `out-${seed}`)}`;
  const code = await runCommandLine(line.split(' '), {
    root: join(import.meta.dirname, '../../..'),
    stdout: { write: (text) => stdout.push(String(text)) > 0 },
    stderr: { write: (text) => stderr.push(String(text)) > 0 },
    env: {},
    synthesize: synthesizeOnce,
    faultSets: { ...faultSets, everything: watched },
    signal: new AbortController().signal,
  });
  const report = JSON.parse(stdout.join('').trimEnd().split('\n').at(-1)!) as Report;
  return { code, stderr: stderr.join(''), stream: report.streams[0]!, calls, simulator: simulator! };
}

/** Leaves out the journal, the quarantine and the destinations without a view, which may see everything. */
function mayShow({ service, resource }: AwsCall): boolean {
  if (service === 'firehose') return resource.includes('-seen-');
  if (service === 's3') return /\/(backup|delivered)\/[^/]+\/seen-|\/views\//.test(resource);
  return true;
}

const made = new Map<string, Promise<string>>();

async function synthesizeOnce(options: SynthesizeOptions): Promise<void> {
  const key = `${basename(options.settings ?? '')}-${options.witness}`;
  const make = async (): Promise<string> => {
    const outdir = await mkdtemp(join(folder, 'assembly-'));
    await synthesize({ ...options, outdir });
    return outdir;
  };
  const making = made.get(key) ?? make();
  made.set(key, making);
  await cp(await making, options.outdir, { recursive: true });
}
