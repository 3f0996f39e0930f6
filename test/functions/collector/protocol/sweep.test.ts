import { expect, test } from 'vitest';
import { operatorCapBytes } from '../../../../cli/replay/sources/journal.ts';
import { openBatch } from '../../../../functions/collector/answers/open-batch.ts';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { killSwitch } from './killed.ts';
import { numbered, relayUnderTest, upTo } from './relay-under-test.ts';

const throttled = () =>
  new SinkRefused('Slow down.', { throttled: true, name: 'ServiceUnavailableException' });
const failing = () => new SinkRefused('No.', { throttled: false, name: 'InternalFailure' });

/** A run whose delivery was refused throughout, so that everything is left to the sweep. */
async function withEverythingLeft(events: number, destinations: readonly string[] = ['s3']) {
  const relay = relayUnderTest(numbered(events), destinations);
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = failing;
  await relay.run();
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  return relay;
}

test('what a run left is delivered in order by the sweep, byte for byte as the run would have', async () => {
  const relay = await withEverythingLeft(30);
  const healthy = relayUnderTest(numbered(30));
  await healthy.run();

  await relay.sweep();

  expect(relay.delivered('s3')).toEqual(upTo(30));
  const bytes = (records: readonly Uint8Array[]) => Buffer.concat(records).toString();
  expect(bytes(relay.sinks.s3!.stored.records)).toHaveLength(bytes(healthy.sinks.s3!.stored.records).length);
});

test('a pass that the table refuses at its first read leaves nothing waiting behind', async () => {
  const relay = await withEverythingLeft(10);
  relay.state.meta.readMeta = () => Promise.reject(new Error('No table.'));

  await expect(relay.sweep()).rejects.toThrow('No table.');

  expect(relay.clock.sleeping?.()).toBe(0);
});

test('an open run is left alone until it is sealed', async () => {
  const relay = await withEverythingLeft(10);
  const [open] = relay.state.stored.open.values();
  relay.state.stored.open.set(open!.run, { ...open!, sealAfter: relay.clock.now() + 3_600_000 });

  await relay.sweep();

  expect(relay.delivered('s3')).toEqual([]);
  expect(relay.state.stored.open.size).toBe(1);
});

test('what is owed to a removed destination stays, and tells its age', async () => {
  const relay = await withEverythingLeft(10, ['s3', 'splunk']);

  const report = await relay.sweep(['s3']);

  expect(relay.delivered('s3')).toEqual(upTo(10));
  expect(relay.state.stored.open.size).toBe(1);
  expect(report.oldestUndeliveredMs).toBe(0);
  expect(report.oldestOwedToRemovedMs).toBeGreaterThan(600_000);
});

test('throttling never counts as a try, however often it comes', async () => {
  const relay = await withEverythingLeft(10);
  relay.sinks.s3!.stored.answer = throttled;
  for (let i = 0; i < 8; i++) await relay.sweep();
  relay.sinks.s3!.stored.answer = () => undefined;

  await relay.sweep();

  expect(relay.journal.stored.quarantine.size).toBe(0);
  expect(relay.delivered('s3')).toEqual(upTo(10));
});

test('a batch whose sweeps crash five times goes to quarantine unparsed, and the next is delivered', async () => {
  const relay = await withEverythingLeft(20);
  relay.sinks.s3!.stored.answer = (records) => {
    if (Buffer.from(records[0]!).includes('"n":0,')) throw new Error('out of memory');
    return undefined;
  };
  for (let i = 0; i < 5; i++) await relay.sweep().catch(() => undefined);

  await relay.sweep();

  expect([...relay.journal.stored.quarantine.values()].map(({ reason }) => reason)).toEqual([
    'delivery-crashed-five-times',
  ]);
  expect(relay.delivered('s3')).toEqual(upTo(20).slice(10));
  expect(relay.state.stored.open.size).toBe(0);
});

test('a journal object that is missing before the last is counted as lost and never closed in silence', async () => {
  const relay = await withEverythingLeft(30);
  const second = [...relay.journal.stored.batches.keys()].find((key) => key.endsWith('/2'))!;
  relay.journal.stored.batches.delete(second);

  const report = await relay.sweep();

  expect(report.counters.lost).toBe(1);
  expect(relay.told()).toBe(1);
  expect(relay.delivered('s3')).toHaveLength(20);
  expect(relay.state.stored.open.size).toBe(0);
});

test('a killed run gets its RUN# from the sweep before its OPEN goes', async () => {
  const relay = await withEverythingLeft(10);
  relay.state.stored.records.clear();

  await relay.sweep();

  expect([...relay.state.stored.records.values()]).toMatchObject([
    { outcome: 'swept', batches: 1, lastNumber: 1, destinations: ['s3'] },
  ]);
});

test('the last run is the last that ended: one that was killed since does not count', async () => {
  const relay = relayUnderTest(numbered(10));
  expect((await relay.sweep()).lastRunAt).toBeUndefined();
  await relay.run();
  const endedAt = relay.clock.now();
  const { lastRunAt } = await relay.sweep();
  expect(lastRunAt).toBe(endedAt);

  const kill = killSwitch(3);
  void relay.run({}, kill);
  await kill.killed;

  expect((await relay.state.meta.readMeta())?.lease?.startedAt).toBeGreaterThan(lastRunAt!);
  expect((await relay.sweep()).lastRunAt).toBe(lastRunAt);
});

test('two sweeps at once deliver everything, at worst twice', async () => {
  const relay = await withEverythingLeft(20);

  await Promise.all([relay.sweep(), relay.sweep()]);

  expect(new Set(relay.delivered('s3'))).toEqual(new Set(upTo(20)));
  expect(relay.state.stored.open.size).toBe(0);
});

test('the daily audit reopens a journaled run that neither OPEN nor RUN# covers', async () => {
  const relay = await withEverythingLeft(10);
  relay.state.stored.open.clear();
  relay.state.stored.records.clear();

  const report = await relay.sweep();
  // A run that the table has forgotten may still be alive for 20 minutes.
  expect(report.reopened).toBe(1);
  expect(relay.delivered('s3')).toEqual([]);
  await relay.sweep();
  await relay.sweep();

  expect(relay.delivered('s3')).toEqual(upTo(10));
});

test('a run that cannot be read holds up no other, and what was counted is told with the error', async () => {
  const relay = await withEverythingLeft(10);
  relay.source.stored.queue.push(...numbered(20).slice(10));
  relay.sinks.s3!.stored.answer = failing;
  await relay.run();
  relay.sinks.s3!.stored.answer = () => undefined;
  const get = relay.journal.get.bind(relay.journal);
  relay.journal.get = async (run, number) => {
    if (run.run === 'run-1') throw Object.assign(new Error('it is archived'), { name: 'InvalidObjectState' });
    return get(run, number);
  };

  const report = await relay.sweep();

  expect(report.error?.message).toContain('InvalidObjectState');
  expect(report.counters.swept).toBe(1);
  expect(relay.delivered('s3')).toEqual(upTo(20).slice(10));
});

test('a stored batch that a smaller cap lets through no more goes to quarantine whole, and can be replayed', async () => {
  const caps = { decompressedCapMiB: 64 };
  const large = Array.from({ length: 10 }, (_, n) => JSON.stringify({ n, text: 'x'.repeat(200_000) }));
  const relay = relayUnderTest(large, ['s3'], undefined, {}, caps);
  relay.sinks.s3!.stored.answer = failing;
  await relay.run();
  relay.sinks.s3!.stored.answer = () => undefined;
  caps.decompressedCapMiB = 1;

  await relay.sweep();

  const [entry] = relay.journal.stored.quarantine.values();
  expect(entry?.reason).toBe('above-decompressed-cap');
  const { bytes: received, encoding } = entry!;
  const [[, stored] = []] = relay.journal.stored.batches;
  const opened = openBatch({ ...stored!, answer: { received, encoding } }, operatorCapBytes);
  expect('cut' in opened && opened.cut.count).toBe(10);
  expect(relay.told()).toBe(0);
});
