import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@mosaic-relay/mosaic-simulator';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import { faultSets } from '../../../lab/faults/fault-sets.ts';
import { runCommandLine } from '../../../local/run/command-line.ts';
import { Interrupted } from '../../../local/run/interrupt.ts';
import type { Report } from '../../../local/run/report.ts';
import { synthesize } from '../../../local/run/synthesize.ts';
import { type CommandRun, runRelay } from '../../cli/run-relay.ts';
import { longTest } from '../../long-run.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-end-to-end-'));
  const signal = new AbortController().signal;
  await synthesize({ root, outdir: join(folder, 'assembly'), stage: 'dev', signal });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm start', () => {
  test('takes every generated event to every destination, once, and leaves the objects as files', async () => {
    const { code, report, out } = await start('--events 200 --json');
    expect(code).toBe(0);
    expect(report.streams.map(({ type }) => type)).toEqual(['cis', 'admin', 'risk', 'verify']);
    for (const stream of report.streams) {
      const exact = {
        generated: 200,
        collected: 200,
        journaled: 200,
        delivered: 200,
        unjournaled: 0,
        missing: 0,
        duplicates: 0,
        quarantined: 0,
      };
      expect(stream).toMatchObject(exact);
      const kinds = { cis: ['s3', 'splunk'], admin: ['s3'], risk: ['http'], verify: ['gcs'] }[stream.type]!;
      expect(stream.destinations).toMatchObject(
        kinds.map((kind) => ({ kind, delivered: 200, missing: 0, duplicates: 0 })),
      );
      // Records of the kinds whose objects are gzip are compressed before Firehose counts them.
      if (/s3|gcs/.test(kinds.at(-1)!)) expect(stream.rawBytes).toBeLessThan(stream.sourceBytes / 2);
      else expect(stream.rawBytes).toBeGreaterThan(stream.sourceBytes);
      expect(stream.billedBytes % 5_120).toBe(0);
    }
    const files = await readdir(out, { recursive: true });
    expect(files).toContain('splunk.example.com/cis-splunk.ndjson');
    expect(files).toContain('siem.example.com/risk-http.ndjson');
    const objects = files.filter((name) => name.endsWith('.ndjson.gz')).join(' ');
    expect(objects).toMatch(/\/delivered\/admin\/s3\/type=admin\//);
    expect(objects).toMatch(/example-mosaic-events-dev\/delivered\/verify\/gcs\/type=verify\//);
  });

  test('counts what a view drops as delivered and as dropped, and lets it show no event or id that it changes', async () => {
    const { code, report, out, stdout } = await start('--events 200 --types cis --json');
    expect(code).toBe(0);
    const files = (await readdir(out, { recursive: true })).map((name) => join(out, name));
    const linesOf = (part: RegExp) =>
      files.filter((name) => part.test(name)).flatMap((name) => [...deliveredLines(readFileSync(name))]);
    const raw = linesOf(/cis-splunk\.ndjson$/).map((line) => JSON.parse(String(line)).event);
    const noisy = raw.filter(({ activity }) => /^get_users?$/.test(activity));
    const lake = linesOf(/delivered\/cis\/lake\/.*\.ndjson\.gz$/).map(String);

    expect(noisy.length).toBeGreaterThan(0);
    const dropped = noisy.length;
    expect(report.streams).toMatchObject([{ delivered: 200, missing: 0, dropped }]);
    expect(report.streams[0]?.destinations).toMatchObject([
      { name: 'lake', delivered: 200, missing: 0, dropped },
      { name: 'splunk', delivered: 200, missing: 0, dropped: 0 },
    ]);
    expect(stdout).toMatch(
      new RegExp(
        `^cis to lake: through view analysts@[0-9a-f]{8} ${dropped} dropped \\(\\S+ %\\), ${200 - dropped} seen; lines \\S+ % `,
        'm',
      ),
    );
    // The streams that take no part are not of removed destinations.
    expect(stdout).toMatch(/^Status: ok: dev delivers what it collects; nothing waits$/m);
    expect(lake).toHaveLength(200 - dropped);
    for (const line of lake) expect(line).toMatch(/"user_id":"local:[\w-]{22}"/);
    expect(lake.join()).not.toMatch(/"activity":"get_users?"/);
    for (const { user_id: user } of raw) if (user) expect(lake.join()).not.toContain(user);
  });

  longTest('loses nothing to an awkward source', async () => {
    const awkward = 'short,duplicates,429,expired-token,gzip';
    const { code, report } = await start(
      `--events 300 --types cis,verify --seed 7 --source ${awkward} --json`,
    );
    expect(code).toBe(0);
    for (const stream of report.streams) expect(stream).toMatchObject({ delivered: 300, missing: 0 });
  });

  longTest('re-drives the events that a destination refused for hours, and counts them', async () => {
    const { code, report } = await start('--events 60 --types risk --seed 3 --faults destinations --json');
    expect(code).toBe(0);
    const [stream] = report.streams;
    expect(stream).toMatchObject({ type: 'risk', delivered: 60, missing: 0 });
    expect(stream?.faults).toMatchObject({ outage: 1, refusals: 1, 'lost answers': 1, 'token rotation': 1 });
    expect(stream?.destinations[0]?.redriven).toBeGreaterThan(0);
    expect(stream?.destinations[0]?.duplicates).toBe(stream?.duplicates);
  });

  test('names the missing events, since when they are missing, and fails', async () => {
    const { code, report, stderr } = await start('--events 50 --types risk --source lost-answer --json');
    expect(code).toBe(1);
    expect(report.streams).toMatchObject([{ generated: 50, delivered: 0, missing: 50 }]);
    expect(stderr).toMatch(
      /risk \(relay-risk\) at http: 50 of 50 events missing: 50 lost on the wire \(lost-answer\)/,
    );
    expect(stderr).toMatch(/ first:( [0-9a-f]{32}){5}\n/);
  });

  test('ends with 130 on Ctrl-C, with nothing left behind', async () => {
    // A place of its own, since other runs on this machine come and go.
    const place = await mkdtemp(join(folder, 'tmp-'));
    vi.stubEnv('TMPDIR', place);
    const { code } = await start('--events 50', { interruptAt: 'Collecting' });
    vi.unstubAllEnvs();
    expect(code).toBe(130);
    expect(await readdir(place)).toEqual([]);
  });

  test('says in one line that a program without the lab draws no faults', async () => {
    expect(await refused(['--faults', 'everything'])).toBe(
      'npm start: --faults needs the folder lab/ of the repository\n',
    );
  });

  test('says in one line that there is no such stage', async () => {
    const stderr = await refused(['--stage', 'nowhere'], synthesize);
    expect(stderr).toMatch(/^npm start: --stage: stage 'nowhere' is not in .*dev, prod\n$/);
  });
});

describe('npm start -- --serve', () => {
  test('counts what an operator erases meanwhile as erased, behind a view too, and nothing as missing', async () => {
    let erased: Promise<CommandRun> | undefined;
    const { code, report, stdout } = await start('--serve --types cis --json', {
      onProgress: (text, { out, interrupt }) => {
        if (erased !== undefined || !/cis .* collected, [1-9]\S* .iB in/.test(text)) return;
        const sought = ['--member', 'activity', '--value', 'create_user', '--yes'];
        erased = runRelay(['erase', ...sought, '--local', '--out', out]);
        void erased.finally(interrupt);
      },
    });
    const { code: erasedWith } = await erased!;
    const [stream] = report.streams;
    const lake = stream!.destinations.find(({ name }) => name === 'lake')!;

    expect([code, erasedWith]).toEqual([0, expect.any(Number)]);
    expect(stream).toMatchObject({ missing: 0, unjournaled: 0 });
    expect(lake.erased).toBeGreaterThan(0);
    expect(lake.delivered + lake.erased).toBe(stream!.generated);
    expect(stdout).toMatch(/\berased\b/);
  }, 300_000);

  test('goes on until Ctrl-C, then delivers the events under way and ends well', async () => {
    const { code, report } = await start('--serve --types cis --json', { interruptAt: 'until Ctrl-C' });
    expect(code).toBe(0);
    const generated = report.streams[0]?.generated;
    expect(report.streams).toMatchObject([{ delivered: generated, missing: 0, duplicates: 0 }]);
  });
});

describe('npm start -- --api', () => {
  test('reads a stream of its own and deletes that alone', async () => {
    await using mosaic = await startMosaic();
    const { code, report, stdout, stderr } = await start(
      `--api ${mosaic.url} --types cis --for 2s --yes --json`,
      {
        mosaic,
      },
    );
    expect(code).toBe(0);
    const [stream] = report.streams;
    expect(stream?.id).toMatch(/^relay-try-/);
    expect(stream?.collected).toBeGreaterThan(0);
    expect(stream).toMatchObject({ delivered: stream?.collected, missing: 0, duplicates: 0 });
    expect(stderr).toMatch(
      /^This changes the tenant at .*: it starts collection of cis .*deletes it at the end.*$/m,
    );
    expect(stderr).toMatch(/^Deleted the cis stream relay-try-.*$/m);
    expect(stderr).toMatch(/^Collection of cis was off and is on now\..*stop-collect\?type=cis.*$/m);
    expect(stdout).toMatch(/^cis: [\d,]+ events in /m);
    expect(stdout).toMatch(/Personal data may be in: .*user_id \(id of a person\)/);
    expect(stdout).toMatch(/^cis to lake: through view analysts@[0-9a-f]{8} .* dropped/m);
    expect(mosaic.simulator.streams()).toMatchObject([{ id: stream?.id, deletedAt: expect.any(Number) }]);
    expect(mosaic.simulator.calls.map(({ operation }) => operation)).not.toContain('stop-collect');
  });

  longTest('reads a stream that is there already, and leaves it', async () => {
    await using mosaic = await startMosaic();
    const first = await start(`--api ${mosaic.url} --types cis --stream mine --for 1s --yes --json`, {
      mosaic,
    });
    expect(mosaic.simulator.streams()).toMatchObject([{ id: 'mine', deletedAt: expect.any(Number) }]);
    expect(first.code).toBe(0);
  });

  test('changes nothing before somebody agreed, at the terminal or by --yes', async () => {
    await using mosaic = await startMosaic();
    const line = `--api ${mosaic.url} --types cis`;
    const unasked = await start(line, { mosaic });
    const asked: string[] = [];
    const refused = await start(line, {
      mosaic,
      ask: async (question) => {
        asked.push(question);
        return 'n';
      },
    });
    expect([unasked.code, refused.code, asked]).toEqual([2, 1, ['Go on? [y/N] ']]);
    expect(unasked.stderr).toMatch(/^npm start: This changes the tenant .*say --yes to go on\n$/);
    expect(refused.stderr).toMatch(/^This changes the tenant .*\n.*nothing was changed\n$/);
    expect(mosaic.simulator.calls).toEqual([]);
  });

  test('refuses a wrong secret in one line, and changes nothing', async () => {
    await using mosaic = await startMosaic();
    const credentials = { MOSAIC_CLIENT_ID: mosaic.simulator.clientId, MOSAIC_CLIENT_SECRET: 'wrong' };
    const { code, stderr } = await start(`--api ${mosaic.url} --types cis --yes`, { env: credentials });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Mosaic did not start collecting cis: .*401.*$/m);
    expect(stderr).not.toMatch(/wrong|^\s+at /m);
    expect(mosaic.simulator.streams()).toEqual([]);
  });

  test('refuses a stream of stages.ts, and missing credentials, before anything is sent', async () => {
    const api = ['--api', 'https://mosaic.example'];
    expect(await refused(api)).toBe(
      'npm start: a real Mosaic needs MOSAIC_CLIENT_ID and MOSAIC_CLIENT_SECRET in the environment\n',
    );
    const env = { MOSAIC_CLIENT_ID: 'i', MOSAIC_CLIENT_SECRET: 's' };
    expect(await refused([...api, '--stream', 'relay-cis'], synthesize, env)).toMatch(
      /^npm start: --stream relay-cis stands in infra\/config\/stages\.ts, .*--owned.*\n$/,
    );
  });
});

interface StartOptions {
  readonly mosaic?: { readonly env: Record<string, string> };
  readonly env?: Record<string, string>;
  /** Ctrl-C when this is said on stderr. */
  readonly interruptAt?: string;
  /** Told of everything on stderr; `interrupt` is Ctrl-C. */
  readonly onProgress?: (text: string, run: { readonly out: string; readonly interrupt: () => void }) => void;
  readonly ask?: (question: string) => Promise<string | undefined>;
}

let runs = 0;

async function start(
  line: string,
  { mosaic, env = mosaic?.env ?? {}, interruptAt, onProgress, ask }: StartOptions = {},
) {
  runs += 1;
  const out = join(folder, `out-${runs}`);
  const stdout = capture();
  const interrupt = new AbortController();
  const stderr = capture((text) => {
    const end = () => interrupt.abort(new Interrupted(130));
    if (interruptAt !== undefined && text.includes(interruptAt)) end();
    onProgress?.(text, { out, interrupt: end });
  });
  const code = await runCommandLine([...line.split(' '), '--out', out], {
    root,
    stdout,
    stderr,
    env,
    synthesize: ({ outdir }) => cp(join(folder, 'assembly'), outdir, { recursive: true }),
    faultSets,
    ask,
    signal: interrupt.signal,
  });
  const last = stdout.text().trimEnd().split('\n').at(-1) ?? '';
  const report = (last.startsWith('{') ? JSON.parse(last) : { streams: [] }) as Report;
  return { code, report, stderr: stderr.text(), stdout: stdout.text(), out };
}

/** A run that gets nowhere, with exit 2. */
async function refused(args: readonly string[], synth = synthesize, env = {}): Promise<string> {
  const [stdout, stderr] = [capture(), capture()];
  const out = join(folder, 'refused');
  const signal = new AbortController().signal;
  const context = { root, stdout, stderr, env, synthesize: synth, signal };
  expect(await runCommandLine([...args, '--out', out], context)).toBe(2);
  return stderr.text();
}

function capture(onWrite: (text: string) => void = () => {}) {
  const parts: string[] = [];
  return {
    write(text: string | Uint8Array) {
      parts.push(String(text));
      onWrite(String(text));
      return true;
    },
    text: () => parts.join(''),
  };
}

/** A Mosaic on loopback in which something happens all the time. */
async function startMosaic() {
  const simulator = await startSimulator({ clock: { now: Date.now }, seed: 1, switches: [] });
  const raising = setInterval(() => simulator.generate('cis', 20), 100);
  const { url, clientId, clientSecret } = simulator;
  return {
    url,
    simulator,
    env: { MOSAIC_CLIENT_ID: clientId, MOSAIC_CLIENT_SECRET: clientSecret },
    async [Symbol.asyncDispose]() {
      clearInterval(raising);
      await simulator.close();
    },
  };
}
