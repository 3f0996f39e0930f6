import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { measureAll, type Parts } from '../../../lab/bench/measure-all.ts';
import { measureThroughput } from '../../../lab/bench/measure-throughput.ts';
import { type ServerProcess, startServers } from '../../../lab/bench/server-process.ts';
import { makeVariants, type Variant, type VariantName } from '../../../lab/bench/variants.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const splitter = { mbPerSecond: 600, jsonParseMbPerSecond: 300 };
const views = {
  ...{ rounds: 1, plainMs: 6, viewMs: 11, viewOfNewValuesMs: 13, parseMs: 20 },
  ...{ viewToPlain: 1.83, viewToParse: 0.55, shapeMs: 8.1, shapeToPlain: 2.13 },
};
const ports = { mosaic: 1, aws: 2, sink: 3 };

/** Ends each round at once, without collecting anything. */
function idle(name: VariantName): Variant {
  const script = `require('readline').createInterface({ input: process.stdin }).on('line', () =>
    require('fs').writeSync(3, '{"cpuSeconds":1,"wallSeconds":1,"peakRssMb":1}\\n'))`;
  const command = [process.execPath, '-e', script] as const;
  return { name, title: name, command, environment: {}, batches: 1, gzip: false };
}

async function measured(parts: Partial<Parts>, noted: (line: string) => void = () => {}) {
  const failures: string[] = [];
  const failed = (line: string) => failures.push(line);
  const result = await measureAll(
    { quick: true, rounds: 3, folder, note: noted, failed },
    {
      startServers: () => Promise.reject(new Error('AWS could not bind: EADDRINUSE')),
      makeVariants: () => [idle('floor'), idle('relay')],
      measureSplitter: () => Promise.resolve(splitter),
      measureViews: () => Promise.resolve(views),
      ...parts,
    },
  );
  return { result, failures };
}

test('servers that cannot bind are named, and everything that needs none is measured', async () => {
  const { result, failures } = await measured({});

  expect(failures).toEqual([expect.stringContaining('AWS could not bind: EADDRINUSE')]);
  expect(result).toMatchObject({ comparison: undefined, throughput: undefined, memory: undefined, splitter });
  expect(result.dollarsPerMillion.packed).toBeGreaterThan(0);
});

test('servers that die meanwhile cost the measurements that need them, each named, and no others', async () => {
  let servers: ServerProcess | undefined;
  const { result, failures } = await measured(
    {
      startServers: async (tls) => {
        servers = await startServers(tls);
        return servers;
      },
    },
    (line) => {
      if (line === 'warming up relay') process.kill(servers!.pid, 'SIGKILL');
    },
  );

  expect(result.comparison?.variants).toMatchObject({ floor: null, relay: null });
  expect(Object.values(result.throughput!)).toEqual([null, null, null, null]);
  expect(result.splitter).toEqual(splitter);
  for (const lost of ['relay failed', 'throughput at 150/30/40@512', 'peak memory']) {
    expect(failures).toContainEqual(expect.stringMatching(`^${lost}.*the servers' process has ended`));
  }
});

test('a cutter that cannot be measured is named, and the rest is told', async () => {
  const { result, failures } = await measured({
    measureSplitter: () => Promise.reject(new Error('no memory')),
  });

  expect(failures).toContain('The cutter was not measured: no memory');
  expect(result.splitter).toBeNull();
  expect(result.dollarsPerMillion.packed).toBeGreaterThan(0);
});

test('views that cannot be measured are named, and the rest is told', async () => {
  const { result, failures } = await measured({ measureViews: () => Promise.reject(new Error('no memory')) });

  expect(failures).toContain('Views were not measured: no memory');
  expect(result).toMatchObject({ views: null, splitter });
});

test('a variant whose bundle cannot be made is named and counted, and the others are made', () => {
  const certificateFile = join(folder, 'certificate.pem');
  writeFileSync(certificateFile, '');
  const variants = makeVariants({ ports, certificateFile, folder: certificateFile });

  expect(variants[0]).toMatchObject({ name: 'floor', batches: 120 });
  for (const [index, name] of (['relay', 'relayGzip', 'usualLambda', 'usualPacked'] as const).entries()) {
    const absent = expect.stringContaining(`${name} could not be made`);
    expect(variants[index + 1]).toEqual({ name, absent, failed: true });
  }
});

test('a variant that could not be made makes the run fail, one that the machine lacks does not', async () => {
  const { failures } = await measured({
    startServers: () => Promise.resolve(answering),
    makeVariants: () => [
      { name: 'relay', absent: 'relay could not be made', failed: true },
      { name: 'vendor', absent: 'python3 is not here', failed: false },
    ],
  });

  expect(failures).toEqual(['relay could not be made']);
});

test('a latency at which the relay fails is named, and the others are measured', async () => {
  const failures: string[] = [];
  const servers: ServerProcess = {
    ...answering,
    prepare: ({ delays }) =>
      delays.collect === 150 ? Promise.reject(new Error('the relay was refused')) : Promise.resolve(),
  };
  const figures = await measureThroughput([idle('relay')], {
    servers,
    quick: true,
    note: () => {},
    failed: (line) => failures.push(line),
  });

  expect(figures).toMatchObject({ '150/30/40': null, '300/40/60': expect.any(Number) });
  expect(failures).toContain('throughput at 150/30/40 was not measured: the relay was refused');
});

/** Servers that saw a collect a millisecond, and never a fault. */
const answering: ServerProcess = {
  pid: 0,
  ports,
  prepare: () => Promise.resolve(),
  seen: () =>
    Promise.resolve({
      collects: Array.from({ length: 100 }, (_, index) => index),
      journalPuts: 0,
      firehoseCalls: 0,
      records: 0,
      tableWrites: 0,
      delivered: 0,
      problems: [],
    }),
  close: () => {},
};
