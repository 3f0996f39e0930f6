import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReplayOptions, replay } from '../../../cli/replay/replay.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { batchOf, collectedAt, events, numbersIn, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
let throttled = false;
beforeEach(async () => {
  throttled = false;
  small = await startSmallRelay({ faults: { throttleCall: (name) => throttled && name.endsWith('siem') } });
});
afterEach(() => small.close());

const hour = { from: collectedAt - 1_000, to: collectedAt + 1_000 };

function replayed(options: Partial<ReplayOptions> = {}) {
  const { relay, stream } = small;
  return replay({ relay, stream, sources: ['journal'], rate: Number.POSITIVE_INFINITY, ...options });
}

test('the journal of a range goes to each destination, marked, with its id and time of collection', async () => {
  await small.collect([events(0, 3), events(3, 5)]);
  await small.collect([events(5, 6)], { run: 'run-2', collectedAt: collectedAt + 5_000 });

  const report = await replayed({ range: hour });

  await small.settle();
  expect(report).toMatchObject({ events: 10, objects: 2, outOfRange: 1, failed: [], interrupted: false });
  expect(report.sent).toEqual({ s3: { journal: 5 }, siem: { journal: 5 } });
  const lines = await small.linesAt('siem');
  expect(numbersIn(lines)).toEqual([0, 1, 2, 3, 4]);
  expect(JSON.parse(lines[0]!)._relay).toEqual({
    type: 'cis',
    stream: 'relay-cis',
    stage: 'dev',
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    collected_at: new Date(collectedAt).toISOString(),
    replayed: true,
  });
});

test('a replayed event is not sent again, and another destination still gets it', async () => {
  await small.collect([events(0, 2)]);

  await replayed({ destination: 's3' });
  const again = await replayed({ destination: 's3' });
  const other = await replayed();

  await small.settle();
  expect(again).toMatchObject({ events: 0, replayedBefore: 1 });
  expect(other.sent).toEqual({ siem: { journal: 2 } });
  expect(numbersIn(await small.linesAt('s3'))).toEqual([0, 1]);
});

test('a dry run counts, sends nothing and leaves no mark', async () => {
  await small.collect([events(0, 2)]);

  const report = await replayed({ dryRun: true });

  expect(report).toMatchObject({ events: 4, objects: 1 });
  expect(await small.keys('replayed/')).toEqual([]);
  expect(small.aws.calls.filter(({ call }) => call.service === 'firehose')).toEqual([]);
});

test('a replay that is interrupted within a batch goes on after the sent events', async () => {
  await small.collect([events(0, 5), events(5, 8)]);
  const stop = new AbortController();
  const { relay } = small;
  const clock = { now: Date.now, random: Math.random, sleep: async () => stop.abort() };

  const first = await replayed({ destination: 's3', rate: 2, signal: stop.signal, clock });
  const second = await replayed({ destination: 's3', relay });

  await small.settle();
  expect(first).toMatchObject({ events: 2, interrupted: true });
  expect(second).toMatchObject({ events: 6, interrupted: false });
  expect(numbersIn(await small.linesAt('s3'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('records that Firehose gave up are sent again from the error objects, marked and once', async () => {
  await small.collect([events(0, 3)]);
  small.receiver.faults.down = true;
  await replayed({ destination: 'siem' });
  await small.settle();
  expect(await small.keys('backup/')).toHaveLength(1);
  small.receiver.faults.down = false;

  const early = await replayed({ sources: ['firehose-errors'], range: { from: 0, to: collectedAt } });
  const report = await replayed({ sources: ['firehose-errors'], range: hour });
  const again = await replayed({ sources: ['firehose-errors'] });

  await small.settle();
  expect(early).toMatchObject({ events: 0, outOfRange: 1 });
  expect(report.sent).toEqual({ siem: { 'firehose-errors': 3 } });
  expect(again).toMatchObject({ events: 0, objects: 0 });
  expect(numbersIn(await small.linesAt('siem'))).toEqual([0, 1, 2]);
  expect((await small.linesAt('siem'))[0]).toMatch(/"replayed":true\}\}$/);
  expect(await small.keys('backup/')).toEqual([]);
  expect(await small.keys('replayed/backup/')).toHaveLength(1);
});

test('lines that the relay did not write stay in the backup, and the others are sent once', async () => {
  const relayLine = `{"n":1,"_relay":{"type":"cis","stream":"s","id":"${'a'.repeat(32)}","collected_at":"${new Date(collectedAt).toISOString()}"}}\n`;
  const error = (data: string) =>
    `{"errorMessage":"said "no"","rawData":"${Buffer.from(data).toString('base64')}"}`;
  const body = Buffer.from([error(relayLine), error('{"demo":1}'), '{"oops":1}'].join('\n'));
  await small.bucket.put('backup/cis/siem/http-endpoint-failed/x', { body, metadata: {} });

  const first = await replayed({ sources: ['firehose-errors'] });
  const second = await replayed({ sources: ['firehose-errors'] });

  await small.settle();
  expect(first.events).toBe(1);
  expect(second.events).toBe(0);
  expect(second.failed.map(({ reason }) => reason)).toEqual([
    '1 of its error records hold no rawData',
    '1 of its lines were not written by the relay',
  ]);
  expect(await small.linesAt('siem')).toEqual([relayLine.trim().replace('}}', ',"replayed":true}}')]);
  expect(await small.keys('backup/')).toHaveLength(1);
});

test('a quarantined batch that only crashed sweeps leaves the quarantine; one that no destination can take stays', async () => {
  const entry = (number: number, reason: 'delivery-crashed-five-times' | 'not-an-array', text: string) => ({
    run: 'run-1',
    startedAt: collectedAt,
    number,
    reason,
    collectedAt,
    stream: 'relay-cis',
    bytes: Buffer.from(text),
    encoding: 'identity' as const,
  });
  await small.quarantine.quarantine({
    ...entry(1, 'delivery-crashed-five-times', '[{"n":7}]'),
    destination: 'siem',
  });
  await small.quarantine.quarantine(entry(2, 'not-an-array', '{"error":"no"}'));

  const report = await replayed({ sources: ['quarantine'] });

  await small.settle();
  expect(report.sent).toEqual({ siem: { quarantine: 1 } });
  expect(report.failed).toEqual([
    expect.objectContaining({ reason: expect.stringContaining('not-an-array') }),
  ]);
  expect((await small.quarantine.quarantined()).objects).toBe(1);
  expect(await small.keys('replayed/quarantine/')).toHaveLength(1);
});

const cutOffEntry = (number: number, bytes: Uint8Array, encoding: 'identity' | 'gzip' = 'identity') => ({
  ...{ run: 'run-1', startedAt: collectedAt, number, collectedAt, stream: 'relay-cis', bytes, encoding },
  reason: 'cut-off' as const,
});

test('the whole events of an answer that was cut off come back, marked, with their bytes and ids as they were', async () => {
  const first = '{"n":7, "wide": 1.50}';
  const cutOff = Buffer.from(`[${first},{"n":8},{"n":9,"na`);
  await small.quarantine.quarantine(cutOffEntry(1, cutOff));

  const counted = await replayed({ sources: ['quarantine'], dryRun: true });
  const report = await replayed({ sources: ['quarantine'] });
  const again = await replayed({ sources: ['quarantine'] });

  await small.settle();
  const key = 'quarantine/cis/2026-03-01/run-1/000001.json';
  expect(report).toMatchObject({ events: 4, objects: 1, failed: [] });
  expect(report.sent).toEqual({ s3: { quarantine: 2 }, siem: { quarantine: 2 } });
  expect(report.cutOff).toEqual([{ key, events: 2, restBytes: ',{"n":9,"na'.length }]);
  expect(counted).toEqual(report);
  expect(again).toMatchObject({ events: 0, objects: 0, cutOff: [], failed: [] });
  const [line] = await small.linesAt('siem');
  const facts = { type: 'cis', stream: 'relay-cis', stage: 'dev', id: eventId('cis', Buffer.from(first)) };
  const relay = { ...facts, collected_at: new Date(collectedAt).toISOString(), replayed: true };
  expect(line).toBe(`${first.slice(0, -1)},"_relay":${JSON.stringify(relay)}}`);
  expect(numbersIn(await small.linesAt('s3'))).toEqual([7, 8]);
  expect((await small.quarantine.quarantined()).objects).toBe(0);
  const { body } = await small.bucket.get(`replayed/${key}`);
  expect(Buffer.from(body)).toEqual(cutOff);
});

test('an answer that was cut off stays until each of its destinations has got its whole events', async () => {
  const compressed = gzipSync(`[${events(0, 20_000).join(',')}]`);
  await small.quarantine.quarantine(cutOffEntry(1, compressed.subarray(0, compressed.length >> 1), 'gzip'));

  const first = await replayed({ sources: ['quarantine'], destination: 's3' });
  const kept = (await small.quarantine.quarantined()).objects;
  const second = await replayed({ sources: ['quarantine'] });

  await small.settle();
  const [answer] = first.cutOff;
  expect(answer!.events).toBeGreaterThan(5_000);
  expect(kept).toBe(1);
  expect(second).toMatchObject({ sent: { siem: { quarantine: answer!.events } }, cutOff: [answer] });
  expect(numbersIn(await small.linesAt('s3'))).toEqual([...Array(answer!.events).keys()]);
  expect((await small.quarantine.quarantined()).objects).toBe(0);
});

test('an answer that ends within its first event, or is damaged before its end, stays in quarantine', async () => {
  await small.quarantine.quarantine(cutOffEntry(1, Buffer.from('[{"n":1')));
  await small.quarantine.quarantine(cutOffEntry(2, Buffer.from('[{"n":1},{"n":tru},{"n":3},{')));

  const report = await replayed({ sources: ['quarantine'] });

  expect(report).toMatchObject({ events: 0, objects: 0, cutOff: [] });
  expect(report.failed.map(({ reason }) => reason)).toEqual([
    'cut-off, before the end of its first event: no destination can take it',
    'cut-off: no destination can take it',
  ]);
  expect((await small.quarantine.quarantined()).objects).toBe(2);
});

test('an event that no record can hold stays in quarantine, however often it is replayed', async () => {
  await small.quarantine.quarantine({
    ...batchOf([]),
    destination: 's3',
    index: 0,
    reason: 'event-above-record-limit',
    bytes: Buffer.from(`{"n":"${'x'.repeat(1_024_000)}"}`),
    encoding: 'identity',
  });

  for (const _ of [1, 2]) {
    const { failed } = await replayed({ sources: ['quarantine'] });
    expect(failed).toEqual([expect.objectContaining({ destination: 's3' })]);
  }
  expect((await small.quarantine.quarantined()).objects).toBe(1);
});

test('a destination that refuses is left, named for each object, and the other gets everything', async () => {
  await small.collect([events(0, 2), events(2, 4)]);
  throttled = true;
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
  };
  const clock = { now: () => now, random: () => 1, sleep };

  const report = await replayed({ clock });
  throttled = false;
  await replayed();

  await small.settle();
  expect(report.failed.map(({ destination }) => destination)).toEqual(['siem', 'siem']);
  expect(numbersIn(await small.linesAt('s3'))).toEqual([0, 1, 2, 3]);
  expect(numbersIn(await small.linesAt('siem'))).toEqual([0, 1, 2, 3]);
});

test('a rate is kept', async () => {
  await small.collect([events(0, 10)]);
  let now = 0;
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
    now += ms;
  };

  await replayed({ destination: 's3', rate: 4, clock: { now: () => now, random: () => 0, sleep } });

  expect(waits).toEqual([1_000, 1_000]);
});

/** A relay whose `siem` takes no event of more than a day. */
function withDayLongSiem(): Pick<ReplayOptions, 'stream'> {
  const ages = { past: 86_400, otherwise: 'refuses-request', underWay: 0, hold: true } as const;
  const destinations = small.stream.destinations.map((one) => (one.name === 'siem' ? { ...one, ages } : one));
  return { stream: { ...small.stream, destinations } };
}

const dated = (n: number, hours: number) =>
  `{"n":${n},"timestamp":"${new Date(collectedAt - hours * 3_600_000).toISOString()}"}`;

test('what is too old for a receiver is counted beforehand, left out, and sent only when asked for', async () => {
  const stream = withDayLongSiem();
  await small.collect([[dated(0, 1), dated(1, 30), dated(2, 2)]]);

  const counted = await replayed({ ...stream, range: hour, dryRun: true });
  const leftOut: string[] = [];
  const onLeftOut = (destination: string, bytes: Uint8Array) =>
    leftOut.push(`${destination}: ${Buffer.from(bytes)}`);
  const report = await replayed({ ...stream, range: hour, onLeftOut });
  const late = await replayed({ ...stream, range: hour, destination: 'siem', dryRun: true, late: true });

  await small.settle();
  expect(counted).toMatchObject({ sent: { s3: { journal: 3 }, siem: { journal: 2 } }, late: { siem: 1 } });
  expect(report).toMatchObject({ sent: counted.sent, late: { siem: 1 }, failed: [], objects: 1 });
  expect(leftOut).toEqual([`siem: ${dated(1, 30)}`]);
  expect(late.late).toEqual({});
  expect(numbersIn(await small.linesAt('siem'))).toEqual([0, 2]);
  expect(numbersIn(await small.linesAt('s3'))).toEqual([0, 1, 2]);
});

test('late events are sent with the others when asked for', async () => {
  await small.collect([[dated(0, 1), dated(1, 30)]]);

  const report = await replayed({ ...withDayLongSiem(), range: hour, late: true });

  await small.settle();
  expect(report).toMatchObject({ sent: { siem: { journal: 2 } }, late: {} });
  expect(numbersIn(await small.linesAt('siem'))).toEqual([0, 1]);
});

test('what Firehose gave up and is too old by now leaves the backup, and the rest arrives', async () => {
  const relay = `"_relay":{"type":"cis","stream":"s","id":"${'a'.repeat(32)}","collected_at":"${new Date(collectedAt).toISOString()}"}`;
  const lines = [dated(0, 30), dated(1, 1)].map((event) => `${event.slice(0, -1)},${relay}}`);
  const body = Buffer.from(
    lines.map((line) => `{"rawData":"${Buffer.from(`${line}\n`).toString('base64')}"}`).join('\n'),
  );
  await small.bucket.put('backup/cis/siem/http-endpoint-failed/x', { body, metadata: {} });

  const report = await replayed({ ...withDayLongSiem(), sources: ['firehose-errors'] });

  await small.settle();
  expect(report).toMatchObject({ sent: { siem: { 'firehose-errors': 1 } }, late: { siem: 1 }, failed: [] });
  expect(numbersIn(await small.linesAt('siem'))).toEqual([1]);
  expect(await small.keys('backup/')).toEqual([]);
});
