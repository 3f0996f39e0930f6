import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logBytesPerRun } from '../../../infra/config/idle-work.ts';
import { type MeasuredProcess, startMeasured } from '../../../lab/bench/measured-process.ts';
import { type ServerProcess, startServers } from '../../../lab/bench/server-process.ts';
import { makeCertificate } from '../../../lab/bench/tls-certificate.ts';
import { makeVariants, type Variant, type VariantName } from '../../../lab/bench/variants.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-bench-test-'));
const running = new Map<VariantName, MeasuredProcess>();
let servers: ServerProcess;
let variants: readonly Variant[];

beforeAll(async () => {
  const tls = makeCertificate(new Date());
  const certificateFile = join(folder, 'certificate.pem');
  writeFileSync(certificateFile, tls.certificate);
  servers = await startServers(tls);
  const all = makeVariants({ ports: servers.ports, certificateFile, folder });
  variants = all.filter((each): each is Variant => !('absent' in each));
}, 30_000);
afterAll(async () => {
  for (const process of running.values()) await process.close();
  servers.close();
  rmSync(folder, { recursive: true, force: true });
});

async function round(name: VariantName, batches: number) {
  const { command, environment } = variants.find((each) => each.name === name)!;
  const process = running.get(name) ?? startMeasured(command, environment);
  running.set(name, process);
  return roundOf(process, batches, variants.find((each) => each.name === name)!.gzip);
}

async function roundOf(process: MeasuredProcess, batches: number, gzip = false) {
  const delays = { collect: 0, journal: 0, firehose: 0 };
  await servers.prepare({ batches, eventBytes: 1_000, delays, check: true, gzip });
  const told = await process.round();
  return { ...told, seen: await servers.seen() };
}

test.each(['floor', 'relay', 'relayGzip', 'usualLambda', 'usualPacked'] as const)(
  '%s delivers every event, with signatures that hold',
  async (name) => {
    const { seen } = await round(name, 3);

    expect(seen).toMatchObject({ delivered: 3_000, problems: [] });
  },
  30_000,
);

test('the packed Lambda sends the same events in few records', async () => {
  const { seen } = await round('usualPacked', 3);

  expect(seen.records).toBeLessThanOrEqual(9);
  expect((await round('usualLambda', 3)).seen.records).toBe(3_000);
}, 30_000);

test('a source that answers in gzip is journaled as it came', async () => {
  const { seen } = await round('relayGzip', 4);

  expect(seen).toMatchObject({ journalPuts: 4, delivered: 4_000 });
}, 30_000);

test('the relay and the floor journal each batch once', async () => {
  expect((await round('relay', 4)).seen.journalPuts).toBe(4);
  expect((await round('floor', 4)).seen.journalPuts).toBe(4);
}, 30_000);

test('a run calls Firehose once a batch, in few records, and the table as often however much it collects', async () => {
  const few = await round('relay', 2);
  const many = await round('relay', 12);

  expect([few.seen.firehoseCalls, many.seen.firehoseCalls]).toEqual([2, 12]);
  expect(many.seen.records / 12).toBeLessThanOrEqual(1_000 / 64);
  expect(many.seen.tableWrites).toBe(few.seen.tableWrites);
  expect(few.seen.tableWrites).toBe(5);
}, 30_000);

test("a run's log does not grow with its events", async () => {
  const few = await round('relay', 2);
  const many = await round('relay', 20);

  // The same lines, with longer numbers in them.
  expect(many.logBytes - few.logBytes).toBeLessThan(64);
}, 30_000);

test.each([1, 2, 3])(
  'a run to %i of three destinations logs at most 2 KB, and 0.5 KB for each after the first',
  async (count) => {
    const { command, environment } = variants.find(({ name }) => name === 'relay')!;
    const settings = JSON.parse(environment.SETTINGS!) as object;
    const SETTINGS = JSON.stringify({ ...settings, destinations: destinations.slice(0, count) });
    await using process = closing(startMeasured(command, { ...environment, SETTINGS }));

    const first = await roundOf(process, 4);
    const later = await roundOf(process, 4);

    expect(first.seen).toMatchObject({ delivered: count * 4_000, problems: [] });
    for (const { logBytes } of [first, later]) {
      expect(logBytes).toBeGreaterThan(0);
      expect(logBytes + lambdasOwnBytes).toBeLessThanOrEqual(logBytesPerRun(count) + unknownNamesBytes);
    }
    expect(logBytesPerRun(count)).toBe(2_048 + 512 * (count - 1));
  },
  30_000,
);

/** INIT_START, START, END and REPORT as Lambda writes them in its text format, with room to spare. */
const lambdasOwnBytes = 600;
/** The bench's events have members that no document of Mosaic names, which a run's last line counts by name. */
const unknownNamesBytes = 400;

const destinations = [
  { name: 's3', kind: 's3', format: 'relay-line', packing: 'lines' },
  { name: 'splunk', kind: 'splunk', format: 'splunk-envelope', packing: 'lines' },
  { name: 'openSearch', kind: 'openSearch', format: 'open-search-document', packing: 'single' },
].map((each) => ({
  ...each,
  deliveryStream: `relay-benchmark-${each.name}`,
  deliveryMetrics: 'DeliveryToS3',
  quotaMiBPerSecond: 5,
}));

function closing(process: MeasuredProcess): MeasuredProcess & AsyncDisposable {
  return { ...process, [Symbol.asyncDispose]: () => process.close() };
}
