import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { drainedRun } from '../advise/run-record.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, events, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
let folder: Awaited<ReturnType<typeof localRunFolder>>;
beforeEach(async () => {
  small = await startSmallRelay();
  folder = await localRunFolder({ ...small.local, now: Date.UTC(2026, 2, 1, 12) });
});
afterEach(() => Promise.all([small.close(), folder.remove()]));

const find = (...args: readonly string[]) =>
  runRelay(['find', '--local', '--out', folder.path, '--json', ...args]);
const verify = (...args: readonly string[]) =>
  runRelay(['verify', '--local', '--out', folder.path, '--from', '-6h', '--to', 'now', ...args]);

/** Brings the journal to the destinations, as a run would have. */
async function deliver(): Promise<void> {
  const { relay, stream } = small;
  await replay({ relay, stream, sources: ['journal'], rate: Number.POSITIVE_INFINITY });
  await small.settle();
}

const idOf = (event: string) => eventId('cis', Buffer.from(event));

test('everything that was journaled is there, and said to be', async () => {
  await small.collect([events(0, 3), ['{"n":3,\n"wide":true}', '17']]);
  await deliver();

  const { code, out } = await verify('--json');

  const { complete, streams } = JSON.parse(out);
  expect(code).toBe(0);
  expect(complete).toBe(true);
  expect(streams).toEqual([
    {
      stream: 'cis',
      type: 'cis',
      journal: { batches: 2, events: 5, distinct: 5, damagedBatches: 0 },
      destinations: [
        expect.objectContaining({ name: 's3', held: 5, missing: 0, altered: 0, notJournaled: 0 }),
      ],
      notReadable: [{ name: 'siem' }],
    },
  ]);
});

test('an event that is gone, and one with other bytes, are a gap', async () => {
  await small.collect([events(10, 13)]);
  await stateOf(small.relay, small.stream).records.writeRecord(drainedRun(1, collectedAt - 1_000));
  await deliver();
  const [key] = await small.keys('delivered/');
  const { body } = await small.bucket.get(key!);
  const [first, second] = Buffer.from(body).toString().split('\n');
  await small.bucket.put(key!, {
    body: gzipSync(`${first}\n${second!.replace('"n":11', '"n":99')}\n`),
    metadata: {},
  });

  const { code, out } = await verify();

  expect(code).toBe(1);
  expect(out).toContain('holds 1, lacks 2, 1 altered');
  expect(out).toContain('2 accepted by Firehose and not there');
  expect(out).toContain(idOf('{"n":12}'));
  expect(out).toMatch(/There is a gap/);
});

test('events that the sweep has yet to deliver are a gap that says so', async () => {
  await small.collect([events(0, 2)]);
  const { relay, stream } = small;
  const open = { run: 'run-1', startedAt: collectedAt - 1_000, sealAfter: 0, done: { s3: 0 }, tries: {} };
  await stateOf(relay, stream).openRuns.open(open);

  const { code, out } = await verify();

  expect(code).toBe(1);
  expect(out).toContain('2 waiting for the sweep');
});

test('an event is found by its id: its batch, its objects, and the backup that holds it', async () => {
  await small.collect([events(0, 2), events(2, 4)]);
  small.receiver.faults.down = true;
  await deliver();

  const { code, out } = await find('--event-id', idOf('{"n":3}'));

  const { events: found } = JSON.parse(out);
  expect(code).toBe(0);
  expect(found).toEqual([
    {
      stream: 'cis',
      type: 'cis',
      eventId: idOf('{"n":3}'),
      collectedAt: new Date(collectedAt).toISOString(),
      journal: { key: 'journal/cis/2026-03-01/run-1/000002.json', run: 'run-1', number: 2, index: 1 },
      destinations: [
        {
          name: 's3',
          kind: 's3',
          state: 'unknown',
          objects: [expect.stringContaining('/delivered/cis/s3/')],
          backups: [],
        },
        {
          name: 'siem',
          kind: 'http',
          state: 'unknown',
          objects: [],
          backups: [expect.stringContaining('/backup/cis/siem/')],
        },
      ],
      quarantine: [],
    },
  ]);
});

test('an event is found by its text and time, with its run and quarantine entry', async () => {
  await small.collect([['{"timestamp":"2026-03-01T08:29:00.000Z","n":5}', '{"n":6}']]);
  const { relay, stream } = small;
  const run = { run: 'run-1', startedAt: collectedAt - 1_000 };
  await stateOf(relay, stream).records.writeRecord(drainedRun(1, run.startedAt));
  for (const index of [0, 1]) {
    await small.quarantine.quarantine({
      ...run,
      number: 1,
      index,
      destination: 'siem',
      reason: 'event-above-record-limit',
      collectedAt,
      stream: 'relay-cis',
      bytes: Buffer.from('{}'),
      encoding: 'identity',
    });
  }

  const { out } = await find('--at', '2026-03-01T08:29:30Z', '--contains', '"n":5');
  const late = await find('--at', '2026-03-01T02:00:00Z', '--contains', '"n":5');

  expect(JSON.parse(out).events).toEqual([
    expect.objectContaining({
      timestamp: '2026-03-01T08:29:00.000Z',
      run: { outcome: 'drained', startedAt: expect.any(String), endedAt: expect.any(String) },
      destinations: [
        expect.objectContaining({ name: 's3', state: 'accepted' }),
        expect.objectContaining({ name: 'siem', state: 'accepted' }),
      ],
      quarantine: [
        expect.stringMatching(/quarantine\/cis\/2026-03-01\/run-1\/000001_event-0000_to-siem\.json$/),
      ],
    }),
  ]);
  expect(late.code).toBe(1);
});

test('text in an answer that wraps its events, or was cut off, is found there', async () => {
  const wrapped = Buffer.from('{"events":[{"n":5}]}');
  const cutOff = gzipSync(`[{"n":6},${randomBytes(10_000).toString('base64')}`).subarray(0, 8_000);
  await small.collect([[]], { answer: { received: wrapped, encoding: 'identity' } });
  await small.collect([[]], {
    ...{ run: 'run-2', cutOff: true, answer: { received: cutOff, encoding: 'gzip' } },
  });
  const at = (text: string) => find('--at', '2026-03-01T08:30:00Z', '--contains', text);

  for (const [text, key, reason] of [
    ['"n":5', 'journal/cis/2026-03-01/run-1/000001.json', 'not-an-array'],
    ['"n":6', 'journal/cis/2026-03-01/run-2/000001.json.gz', 'cut-off'],
  ] as const) {
    const { code, out } = await at(text);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ events: [], damaged: [{ key, reason, holds: true }] });
  }
  expect(JSON.parse((await at('"n":7')).out).damaged).toEqual([]);
});

test('a batch that cannot be searched is named where nothing was found', async () => {
  const received = Buffer.from('no gzip at all');
  await small.collect([[]], { answer: { received, encoding: 'gzip' } });
  await small.collect([[]], {
    ...{ run: 'run-2', answer: { received: Buffer.from('<html>'), encoding: 'identity' } },
  });
  const local = ['find', '--local', '--out', folder.path];

  const byText = await runRelay([...local, '--at', '2026-03-01T08:30:00Z', '--contains', '"n":5']);
  const byId = await runRelay([...local, '--event-id', idOf('{"n":5}')]);

  expect(byText.code).toBe(1);
  expect(byText.out).toMatch(
    /not found in 2 batches[\s\S]*may lie there:\n {2}\S+run-1\S+ \(damaged-compression\)/,
  );
  expect(byText.out).not.toContain('run-2');
  expect(byId.code).toBe(1);
  expect(byId.out).toMatch(/run-1[\s\S]*run-2\S+ \(invalid-json\)/);
});

test('where no object holds an event, the time is given until which objects were read', async () => {
  await small.collect([events(0, 1)]);
  const ids = ['--event-id', idOf('{"n":0}')];

  const { out } = await find(...ids);
  const told = await runRelay(['find', '--local', '--out', folder.path, ...ids]);
  await deliver();
  const delivered = await find(...ids);

  const of = (text: string) => JSON.parse(text).events[0].destinations[0].lookedUntil;
  expect(of(out)).toBe('2026-03-01T11:00:00.000Z');
  expect(told.out).toMatch(
    /s3 .*\n +in no object that arrived before 2026-03-01T11:00:00.000Z; later ones were not read/,
  );
  expect(of(delivered.out)).toBeUndefined();
});

test('a destination that was added later lacks earlier events without a gap', async () => {
  await small.collect([events(0, 2)]);
  const record = drainedRun(1, collectedAt - 1_000, { destinations: ['siem'] });
  await stateOf(small.relay, small.stream).records.writeRecord(record);

  const found = await runRelay(['find', '--local', '--out', folder.path, '--event-id', idOf('{"n":1}')]);
  const verified = await verify();

  expect(found.out).toMatch(/s3 +not owed: the run that collected it had no such destination/);
  expect(found.out).toMatch(/siem +accepted by its delivery stream/);
  expect(verified.code).toBe(0);
  expect(verified.out).toContain('holds 0, lacks 0, 2 not owed to it');
});

test.each([
  [[], /--event-id ID or --contains TEXT is needed/],
  [['--event-id', 'abc', '--contains', 'x', '--at', '-2h'], /--event-id and --contains do not go together/],
  [['--event-id', 'abc'], /is not an event id of 32 hexadecimal digits/],
  [['--contains', 'x'], /--contains goes only with --at TIME or --from TIME/],
])('find %j is wrong use', async (args, message) => {
  const { code, problems } = await find(...args);

  expect(code).toBe(2);
  expect(problems).toMatch(message);
});
