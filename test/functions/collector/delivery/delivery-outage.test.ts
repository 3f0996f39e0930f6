import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, relayUnderTest, upTo } from '../protocol/relay-under-test.ts';

const failing = () => new SinkRefused('No.', { throttled: false, name: 'InternalFailure' });
const minute = 60_000;

/** A destination that takes nothing for so many runs, with ten events a run; ends when it takes again. */
async function afterOutage(runs: number) {
  const relay = relayUnderTest([], ['s3', 'splunk']);
  relay.sinks.s3!.stored.answer = failing;
  for (let run = 0; run < runs; run++) {
    relay.source.stored.queue.push(...numbered(10 * (run + 1)).slice(10 * run));
    await relay.run();
    relay.clock.set(relay.clock.now() + 5 * minute);
  }
  return relay;
}

test('an outage never stops collecting, nor the other destinations', async () => {
  const relay = await afterOutage(40);

  expect(relay.delivered('splunk')).toEqual(upTo(400));
  expect(relay.delivered('s3')).toEqual([]);
  expect(relay.journal.stored.batches.size).toBe(40);
});

test('an outage grows no item: META is as large as before, and an OPEN is of one run', async () => {
  const [short, long] = [await afterOutage(2), await afterOutage(40)];
  const sizes = (relay: typeof short) =>
    [relay.state.stored.meta, ...relay.state.stored.open.values()].map((item) => JSON.stringify(item).length);

  for (let sweeps = 0; sweeps < 20; sweeps++) await long.sweep();

  expect(Math.max(...sizes(long))).toBeLessThan(Math.max(...sizes(short)) + 40);
});

test('while it lasts, a sweep asks a refusing destination once and reads one batch', async () => {
  const relay = await afterOutage(40);
  const calls = relay.sinks.s3!.stored.calls;
  const reads = countReads(relay);

  const report = await relay.sweep();

  expect(reads).toEqual({ get: 1, numbers: 1 });
  expect(relay.sinks.s3!.stored.calls - calls).toBeLessThan(20);
  expect(report.refusing).toEqual({ s3: 'InternalFailure' });
});

test('what is owed to a removed destination alone is looked at last', async () => {
  const relay = await afterOutage(3);
  relay.sinks.splunk!.stored.answer = failing;
  relay.source.stored.queue.push(...numbered(40).slice(30));
  await relay.run();
  relay.sinks.splunk!.stored.answer = () => undefined;
  const listed: string[] = [];
  const numbers = relay.journal.numbers.bind(relay.journal);
  relay.journal.numbers = (run) => {
    listed.push(run.run);
    return numbers(run);
  };

  await relay.sweep(['splunk']);

  expect(listed.slice(0, 4)).toEqual(['run-4', 'run-1', 'run-2', 'run-3']);
  expect(relay.delivered('splunk')).toEqual(upTo(40));
});

test('what was owed to a removed destination and has left the journal is counted as lost, and closed', async () => {
  const relay = await afterOutage(2);
  relay.journal.stored.batches.clear();
  relay.state.stored.records.clear();

  const report = await relay.sweep(['splunk']);

  expect(report.counters.lost).toBe(2);
  expect(relay.told()).toBe(2);
  expect(relay.state.stored.open.size).toBe(0);
});

function countReads({ journal }: Awaited<ReturnType<typeof afterOutage>>) {
  const reads = { get: 0, numbers: 0 };
  const [get, numbers] = [journal.get.bind(journal), journal.numbers.bind(journal)];
  journal.get = (run, number) => {
    reads.get += 1;
    return get(run, number);
  };
  journal.numbers = (run) => {
    reads.numbers += 1;
    return numbers(run);
  };
  return reads;
}

test('a pass ends before the next one begins, however long the function may run', async () => {
  const relay = await afterOutage(40);
  relay.sinks.s3!.stored.answer = () => undefined;
  const startedAt = relay.clock.now() + 11 * minute;

  await relay.sweep(['s3', 'splunk'], undefined, { quotaBytesPerSecond: 64 }, 15 * minute);

  expect(relay.clock.now() - startedAt).toBeLessThan(5 * minute);
  expect(relay.delivered('s3').length).toBeGreaterThan(0);
});

test('the age of the oldest batch grows while it lasts, also when nothing is collected, and is 0 when it is over', async () => {
  const relay = await afterOutage(3);
  const ages = [(await relay.sweep()).oldestUndeliveredMs, (await relay.sweep()).oldestUndeliveredMs];
  relay.sinks.s3!.stored.answer = () => undefined;

  expect(ages[1]! - ages[0]!).toBeGreaterThanOrEqual(11 * minute);
  expect((await relay.sweep()).oldestUndeliveredMs).toBe(0);
});

test.each([
  { when: 'while a run of the stream is at work', atWork: true, share: 0.5 },
  { when: 'while no run is at work', atWork: false, share: 1 },
])('what waits is delivered in order, at $share of the quota $when', async ({ atWork, share }) => {
  const relay = await afterOutage(40);
  const quota = 1024;
  if (atWork) {
    const lease = { run: 'at work', startedAt: relay.clock.now(), until: relay.clock.now() + 60 * minute };
    relay.state.stored.meta = { ...relay.state.stored.meta!, lease };
  }
  const sent: { readonly at: number; readonly bytes: number }[] = [];
  relay.sinks.s3!.stored.answer = (records) => {
    sent.push({ at: relay.clock.now(), bytes: records.reduce((sum, { byteLength }) => sum + byteLength, 0) });
    return undefined;
  };

  await relay.sweep(['s3', 'splunk'], undefined, { quotaBytesPerSecond: quota });

  expect(relay.delivered('s3')).toEqual(upTo(400));
  const beforeLast = sent.slice(0, -1).reduce((sum, { bytes }) => sum + bytes, 0);
  const perSecond = beforeLast / ((sent.at(-1)!.at - sent[0]!.at) / 1_000);
  expect(perSecond / quota).toBeLessThanOrEqual(share);
  expect(perSecond / quota).toBeGreaterThan(share * 0.95);
});

test('fresh events go first: a run delivers beside a sweep that is still draining', async () => {
  const relay = await afterOutage(40);
  relay.sinks.s3!.stored.answer = () => undefined;
  relay.source.stored.queue.push('{"n":1000}');

  await Promise.all([relay.sweep(['s3', 'splunk'], undefined, { quotaBytesPerSecond: 1024 }), relay.run()]);

  const arrived = relay.delivered('s3');
  expect(arrived.indexOf(1000)).toBeLessThan(20);
  expect(arrived.filter((n) => n < 400)).toEqual(upTo(400));
});

test('what lies in quarantine is told by every sweep, also when nothing runs, until it is gone', async () => {
  const relay = relayUnderTest([]);
  relay.source.stored.script.push({
    kind: 'answer',
    answer: { received: Buffer.from('<html>'), encoding: 'identity' },
  });
  await relay.run();

  expect([(await relay.sweep()).waitingForOperator, (await relay.sweep()).waitingForOperator]).toEqual([
    1, 1,
  ]);
  relay.journal.stored.quarantine.clear();
  expect((await relay.sweep()).waitingForOperator).toBe(0);
});

test('the daily audit finds runs that neither OPEN nor RUN# covers, once a day', async () => {
  const relay = relayUnderTest(numbered(10));
  await relay.run();
  await relay.sweep();
  relay.state.stored.records.clear();
  expect((await relay.sweep()).reopened).toBe(0);

  relay.clock.set(relay.clock.now() + 24 * 60 * minute);

  expect((await relay.sweep()).reopened).toBe(1);
  expect((await relay.sweep()).reopened).toBe(0);
});

test('a table that was put back by ten days is audited from there', async () => {
  const relay = relayUnderTest(numbered(10));
  await relay.sweep();
  relay.clock.set(relay.clock.now() + 2 * 24 * 60 * minute);
  await relay.run();
  relay.state.stored.records.clear();

  relay.clock.set(relay.clock.now() + 8 * 24 * 60 * minute);

  expect((await relay.sweep()).reopened).toBe(1);
});

test('an audit that fails keeps nothing from being delivered, is told, and is tried again', async () => {
  const relay = await afterOutage(1);
  relay.sinks.s3!.stored.answer = () => undefined;
  const runsOn = relay.journal.runsOn.bind(relay.journal);
  relay.journal.runsOn = async () => {
    throw Object.assign(new Error('try again later'), { name: 'SlowDown' });
  };

  const report = await relay.sweep();
  relay.journal.runsOn = runsOn;
  relay.state.stored.records.clear();

  expect(report.error?.message).toContain('SlowDown');
  expect(relay.delivered('s3')).toEqual(upTo(10));
  expect((await relay.sweep()).reopened).toBe(1);
});

test('a table that is put back between the reading of META and the audit is audited as a whole', async () => {
  const relay = relayUnderTest(numbered(10));
  await relay.run();
  await relay.sweep();
  relay.clock.set(relay.clock.now() + 10 * 24 * 60 * minute);
  await relay.sweep();
  relay.clock.set(relay.clock.now() + 25 * 60 * minute);
  const begin = relay.state.meta.beginAudit.bind(relay.state);
  relay.state.meta.beginAudit = (audit) => {
    const { auditedAt: _, ...restored } = relay.state.stored.meta!;
    relay.state.stored.meta = restored;
    relay.state.stored.records.clear();
    return begin(audit);
  };

  expect((await relay.sweep()).reopened).toBe(1);
});
